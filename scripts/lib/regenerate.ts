import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { x } from 'tinyexec'
import { startDeployment } from '../../test/deployment/server.ts'

/** path (POSIX, relative) → content */
export type Files = ReadonlyMap<string, string | Uint8Array>

const repositoryRoot = join(import.meta.dirname, '../..')
const generatedDir = 'convex/_generated/'
export const ROUTE_TREE = 'src/routeTree.gen.ts'

/** Whether a file of an app is written by a tool, and not by hand. */
export const isGenerated = (path: string) => path.startsWith(generatedDir) || path === ROUTE_TREE

/**
 * What the real Convex CLI writes to `convex/_generated` for these files of an app.
 * `env` names the variables that the app requires.
 * Throws an Error with the CLI's output when it fails.
 */
export function generateConvex(files: Files, env: readonly string[]): Promise<Map<string, string>> {
  return withApp(files, async (appDir) => {
    await runConvexCodegen(appDir, env)
    const dir = join(appDir, generatedDir)
    const names = (await readdir(dir)).sort()
    const read = async (name: string): Promise<[string, string]> => [
      generatedDir + name,
      await readFile(join(dir, name), 'utf8'),
    ]
    return new Map(await Promise.all(names.map(read)))
  })
}

/**
 * What TanStack's plugin writes to `src/routeTree.gen.ts` for these files of an app, with the app's own Vite configuration.
 * Throws an Error when it writes nothing.
 */
export function generateRouteTree(files: Files): Promise<string> {
  return withApp(files, async (appDir) => {
    // The plugin writes the tree as soon as Vite has resolved its configuration.
    const script = `import { resolveConfig } from 'vite'; await resolveConfig({ logLevel: 'error' }, 'build'); process.exit()`
    const { stderr } = await x(process.execPath, ['--input-type=module', '-e', script], {
      nodeOptions: { cwd: appDir, env: quietEnv() },
    })
    try {
      return await readFile(join(appDir, ROUTE_TREE), 'utf8')
    } catch (cause) {
      throw new Error(`The route tree was not written:\n${stderr}`, { cause })
    }
  })
}

/** Runs `use` in a folder that holds the app's handwritten files and the repository's dependencies. */
async function withApp<T>(files: Files, use: (appDir: string) => Promise<T>): Promise<T> {
  const appDir = await mkdtemp(join(tmpdir(), 'codegen-'))
  try {
    for (const [path, content] of files) {
      if (isGenerated(path)) continue
      await mkdir(dirname(join(appDir, path)), { recursive: true })
      await writeFile(join(appDir, path), content)
    }
    await symlink(join(repositoryRoot, 'node_modules'), join(appDir, 'node_modules'), 'junction')
    return await use(appDir)
  } finally {
    await rm(appDir, { recursive: true, force: true })
  }
}

async function runConvexCodegen(appDir: string, env: readonly string[]): Promise<void> {
  const deployment = await startDeployment({
    appDir,
    env: Object.fromEntries(env.map((name) => [name, 'unset'])),
    functions: false,
  })
  try {
    const { url, adminKey } = deployment
    const { exitCode, stdout, stderr } = await x(
      process.execPath,
      [convexBin(), 'codegen', '--typecheck', 'disable', '--url', url].concat(
        '--admin-key',
        adminKey,
      ),
      { nodeOptions: { cwd: appDir, env: quietEnv() } },
    )
    if (exitCode !== 0) {
      throw new Error(`convex codegen failed:\n${stdout}${stderr}`)
    }
  } finally {
    await deployment.stop()
  }
}

function convexBin(): string {
  const manifest = createRequire(import.meta.url).resolve('convex/package.json')
  return join(dirname(manifest), 'bin/main.js')
}

/** No deployment but ours, and no telemetry: the CLI keeps quiet in CI. */
const quietEnv = (): NodeJS.ProcessEnv => ({
  ...process.env,
  CONVEX_DEPLOYMENT: undefined,
  CONVEX_DEPLOY_KEY: undefined,
  CONVEX_SELF_HOSTED_URL: undefined,
  CONVEX_SELF_HOSTED_ADMIN_KEY: undefined,
  CI: '1',
})
