import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const PACKAGES = [
  '@tanstack/react-router',
  '@tanstack/react-start',
  '@vitejs/plugin-react',
  'nitro',
  'react',
  'react-dom',
  'vite',
]

/** Of the app, by path. */
export const FILES = {
  'vite.config.ts': `import { tanstackStart } from '@tanstack/react-start/plugin/vite'
import viteReact from '@vitejs/plugin-react'
import { nitro } from 'nitro/vite'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [tanstackStart(), nitro(), viteReact()] })
`,
  'src/router.tsx': `import { createRouter } from '@tanstack/react-router'
import { routeTree } from './routeTree.gen'

export const getRouter = () => createRouter({ routeTree })
`,
  'src/routes/__root.tsx': `import { HeadContent, Scripts, createRootRoute } from '@tanstack/react-router'
import type { ReactNode } from 'react'

export const Route = createRootRoute({
  head: () => ({ meta: [{ charSet: 'utf-8' }, { title: 'Empty' }] }),
  shellComponent: Document,
})

function Document({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <HeadContent />
      </head>
      <body>
        {children}
        <Scripts />
      </body>
    </html>
  )
}
`,
  'src/routes/index.tsx': `import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/')({ component: () => <h1>Hello</h1> })
`,
}

/** Writes a TanStack Start app of one page, with the versions that the other app has. */
export function writeEmptyApp(folder: string, beside: string): void {
  writeFiles(folder, { ...FILES, 'package.json': manifest(beside) })
}

/** Writes files by their paths in a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
}

function manifest(beside: string): string {
  const text = readFileSync(join(beside, 'package.json'), 'utf8')
  const { dependencies, devDependencies } = JSON.parse(text) as Record<
    string,
    Record<string, string>
  >
  const versions = Object.entries({ ...dependencies, ...devDependencies })
  return JSON.stringify({
    private: true,
    type: 'module',
    scripts: { build: 'vite build', start: 'node .output/server/index.mjs' },
    dependencies: Object.fromEntries(versions.filter(([name]) => PACKAGES.includes(name))),
  })
}
