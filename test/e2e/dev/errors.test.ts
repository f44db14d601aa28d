import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { PATIENCE_MS } from '../support/patience.ts'
import { freePorts } from '../support/ports.ts'
import { startServer, type Server } from '../support/process.ts'

/** Somebody works on the app: public pages do without a deployment. */
let browser: Browser
let server: Server
let page: Page
let appDir = ''

const BROKEN = `import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/broken')({
  loader: () => {
    throw new Error('The fault of this page')
  },
})
`

const FILES = [
  ['/', 'src/routes/index.tsx'],
  ['/sign-in', 'src/routes/_guest/sign-in.tsx'],
  ['/sign-up', 'src/components/auth-page.tsx'],
] as const

/** Opens a page, and waits until React listens and nothing more is asked for. */
async function opened(path: string): Promise<void> {
  await page.goto(path)
  await page.getByLabel('Theme').and(page.locator(':enabled')).waitFor()
  await page.waitForLoadState('networkidle')
}

beforeAll(async () => {
  const { home, env } = inject('workspace')
  appDir = join(home, 'errors-dev')
  rmSync(appDir, { recursive: true, force: true })
  cpSync(join(home, 'tailwind-github-google'), appDir, { recursive: true, verbatimSymlinks: true })
  writeFileSync(join(appDir, 'src/routes/broken.tsx'), BROKEN)
  const [port = 0] = await freePorts(1)
  const command = ['npx', 'vite', 'dev'] as const
  server = await startServer({ command: [...command], cwd: appDir, env, port, path: '/sign-in' })
  browser = await launchBrowser()
  page = await browser.newPage({ baseURL: server.url })
  page.setDefaultTimeout(PATIENCE_MS)
  // The server finds packages to bundle as pages ask for them, and loads the page anew then.
  for (const [path] of FILES) await opened(path)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

test('the error page shows the error', async () => {
  await page.goto('/broken')
  await page.getByRole('heading', { name: 'Something went wrong' }).waitFor()
  expect(await page.locator('pre').innerText()).toContain('The fault of this page')
})

test.each(FILES)('%s survives a syntax error in %s', async (path, file) => {
  const source = readFileSync(join(appDir, file), 'utf8')
  await opened(path)
  const heading = page.getByRole('heading', { level: 1 })
  const title = await heading.innerText()
  await page.evaluate('window.left = "here"')
  try {
    writeFileSync(join(appDir, file), `${source}\nconst half = (\n`)
    await page.locator('vite-error-overlay').waitFor()
    expect(await heading.innerText()).toBe(title)
  } finally {
    writeFileSync(join(appDir, file), source)
  }
  await page.locator('vite-error-overlay').waitFor({ state: 'detached' })
  expect(await heading.innerText()).toBe(title)
  expect(await page.evaluate('window.left')).toBe('here')
})
