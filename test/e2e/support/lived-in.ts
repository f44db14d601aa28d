import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BrowserContext } from 'playwright-core'
import { combinationNamed } from '../../helpers/combinations.ts'
import { startBackend } from './backend.ts'
import { startFaultyProxy, type FaultyProxy } from './faulty-proxy.ts'
import { freePorts } from './ports.ts'
import { startServer, type Server } from './process.ts'
import { startProvider } from './provider.ts'
import { REGISTRATION, type Site } from './site.ts'
import { buildApp, type Workspace } from './workspace.ts'

/** An app in which time passes, deployments happen and the network fails. */
export interface LivedIn {
  readonly site: Site
  /** In front of the functions, for the app's server and for browsers. */
  readonly functions: FaultyProxy
  /** In front of the HTTP actions, for the app's server. */
  readonly actions: FaultyProxy
  /** Gives a browser's pages a clock that goes with the others. */
  readonly setClock: (context: BrowserContext) => Promise<void>
  /** Moves every clock on: the deployment's, the server's, the pages' and the cookies'. */
  readonly pass: (ms: number, context: BrowserContext) => Promise<void>
  /** Puts the next build in the place of this one. */
  readonly deploy: () => Promise<void>
}

const NAME = 'lived-in'
const BUILDS = ['first', 'second', 'third']

/**
 * Builds the largest app three times, with other names of chunks each, and starts the first.
 * Its URLs of Convex end with a slash, as people copy them.
 */
export async function startLivedIn(
  workspace: Workspace,
  files: Readonly<Record<string, string>>,
): Promise<LivedIn> {
  const combination = combinationNamed('tailwind-github-google')
  const appDir = join(workspace.home, NAME)
  const [app = 0, convex = 0, convexSite = 0, functionsPort = 0, actionsPort = 0] =
    await freePorts(5)
  copyApp(join(workspace.home, combination.name), appDir, files)
  const builds = await buildVersions(workspace, appDir, functionsPort, actionsPort)

  const provider = await startProvider(REGISTRATION)
  const env = { SITE_URL: `http://localhost:${app}` }
  const ports = { app, convex, convexSite }
  const backend = await startBackend({ workspace, name: NAME, ports, env })
  const functions = await startFaultyProxy(functionsPort, convex)
  const actions = await startFaultyProxy(actionsPort, convexSite)
  const clock = join(appDir, 'clock.txt')
  let offset = 0
  writeFileSync(clock, '0')
  let server: Server | undefined
  const start = async (build: string) => {
    await server?.stop()
    rmSync(join(appDir, '.output'), { recursive: true, force: true })
    renameSync(build, join(appDir, '.output'))
    const preload = pathToFileURL(join(import.meta.dirname, 'shift-clock.mjs')).href
    server = await startServer({
      command: ['npm', 'start'],
      cwd: appDir,
      env: { ...workspace.env, NODE_OPTIONS: `--import=${preload}`, CLOCK_FILE: clock },
      port: app,
      path: '/sign-in',
    })
    return server
  }
  const next = () => {
    const build = builds.shift()
    if (build === undefined) throw new Error('There is no build left')
    return build
  }
  const running = await start(next())
  return {
    site: {
      name: NAME,
      combination,
      url: running.url,
      appDir,
      app: running,
      backend,
      provider,
      log: () => `# app\n${server?.log()}\n\n# backend\n${backend.log()}`,
      stop: async () => {
        await server?.stop()
        await Promise.all([functions.close(), actions.close(), backend.stop(), provider.close()])
      },
    },
    functions,
    actions,
    deploy: async () => void (await start(next())),
    setClock: (context) => context.clock.install({ time: Date.now() + offset }),
    pass: async (ms, context) => {
      offset += ms
      writeFileSync(clock, String(offset))
      await backend.setClock(offset)
      await ageCookies(context, ms)
      await context.clock.fastForward(ms)
    },
  }
}

function copyApp(from: string, appDir: string, files: Readonly<Record<string, string>>): void {
  rmSync(appDir, { recursive: true, force: true })
  cpSync(from, appDir, { recursive: true, verbatimSymlinks: true })
  for (const [path, text] of Object.entries(files)) writeFileSync(join(appDir, path), text)
}

async function buildVersions(
  workspace: Workspace,
  appDir: string,
  functions: number,
  actions: number,
): Promise<string[]> {
  const builds: string[] = []
  mkdirSync(join(appDir, 'builds'))
  renameSync(join(appDir, 'vite.config.ts'), join(appDir, 'app.config.ts'))
  for (const version of BUILDS) {
    writeFileSync(join(appDir, 'vite.config.ts'), configOf(version))
    writeFileSync(
      join(appDir, '.env.local'),
      `VITE_CONVEX_URL=http://127.0.0.1:${functions}/
VITE_CONVEX_SITE_URL=http://127.0.0.1:${actions}/
VITE_APP_NAME=The ${version} version
`,
    )
    await buildApp(workspace, NAME)
    const build = join(appDir, 'builds', version)
    renameSync(join(appDir, '.output'), build)
    builds.push(build)
  }
  return builds
}

/** The app's own, with other names for all chunks: one whose content stays would keep its name. */
const configOf = (version: string) => `import { defineConfig, mergeConfig } from 'vite'
import app from './app.config.ts'

const output = { chunkFileNames: 'assets/[name]-[hash]-${version}.js' }
const client = { build: { rolldownOptions: { output } } }

export default defineConfig((env) => mergeConfig(app(env), { environments: { client } }))
`

/** A browser's jar goes by the real clock: what lives on is put back with less time to live. */
async function ageCookies(context: BrowserContext, ms: number): Promise<void> {
  const now = Date.now() / 1000
  const aged = (await context.cookies()).map((cookie) =>
    cookie.expires > 0 ? { ...cookie, expires: cookie.expires - ms / 1000 } : cookie,
  )
  await context.clearCookies()
  await context.addCookies(aged.filter(({ expires }) => expires < 0 || expires > now))
}
