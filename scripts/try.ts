import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { parse } from 'dotenv'
import { startDeployment } from '../test/deployment/server.ts'
import { freePorts, isFree } from '../test/e2e/support/ports.ts'
import { startServer } from '../test/e2e/support/process.ts'
import { writeEnvLocal } from '../test/e2e/support/workspace.ts'
import { cleanEnv } from '../test/helpers/env.ts'
import { pathFor } from '../test/helpers/run.ts'

// `npm run try -- [flags]`: generates a repository, starts a Convex deployment
// for tests and the app, and prints where it is. Ctrl-C ends and removes all.

const root = join(import.meta.dirname, '..')
const cache = join(root, '.cache/try')
const SUPERVISOR = join(root, 'test/e2e/support/supervise.mjs')
const DEFAULT_FLAGS = ['--tailwind', '--social', 'github,google']
const FIXED_FLAGS = ['--pm', 'npm', '--yes', '--no-install', '--no-git']

/** What has to be undone, the last first. */
type Undo = () => unknown

async function main(flags: readonly string[], undo: Undo[]): Promise<void> {
  const env = { PATH: await pathFor() }
  const appDir = await generate(flags, env, undo)
  const variables = parse(readFileSync(join(appDir, '.env.convex')))
  const port = Number(new URL(variables['SITE_URL'] ?? '').port)
  if (!(await isFree(port))) {
    throw new Error(`Port ${port} is in use: stop what listens there, or take another with --port`)
  }
  const modules = await dependencies(appDir, env, undo)
  const [convex = 0, convexSite = 0] = await freePorts(2)
  writeEnvLocal(appDir, { app: port, convex, convexSite })
  console.log('Starting …')
  const deployment = await startDeployment({
    appDir,
    port: convex,
    sitePort: convexSite,
    env: variables,
    onLog: (line) => console.log(line),
  })
  undo.push(() => deployment.stop())
  const app = await startServer({
    command: [join(modules, '.bin/vite'), 'dev'],
    cwd: appDir,
    env,
    port,
    path: '/sign-in',
  })
  undo.push(app.stop)
  console.log(`
Open ${app.url} and create an account: any e-mail and any password of eight
characters will do, nothing leaves this machine. Its code is in ${appDir}.
What Convex logs follows here, with the links of mails.
Ctrl-C ends it and removes everything.`)
}

type Env = Readonly<Record<string, string>>

/** Runs the generator; answers the folder of the app, which `undo` removes. */
async function generate(flags: readonly string[], env: Env, undo: Undo[]): Promise<string> {
  mkdirSync(cache, { recursive: true })
  const staging = mkdtempSync(join(cache, 'new-'))
  undo.push(() => remove(staging))
  const args = [join(root, 'dist/bin.cjs'), 'my-app', ...flags]
  await supervised([process.execPath, ...args, ...FIXED_FLAGS], staging, env, undo)
  const manifest = join(staging, 'my-app/package.json')
  if (!existsSync(manifest)) throw new Error('These flags make no repository')
  const home = join(cache, digest(readFileSync(manifest, 'utf8')))
  mkdirSync(home, { recursive: true })
  const run = mkdtempSync(join(home, 'run-'))
  undo.push(() => remove(run))
  renameSync(join(staging, 'my-app'), join(run, 'my-app'))
  return join(run, 'my-app')
}

/** Names an installation by what is in it. */
function digest(manifest: string): string {
  const { dependencies, devDependencies } = JSON.parse(manifest) as object & {
    dependencies?: object
    devDependencies?: object
  }
  return createHash('sha256')
    .update(JSON.stringify([dependencies, devDependencies]))
    .digest('hex')
    .slice(0, 16)
}

/** Installs above the app, once for all that have the same dependencies; answers node_modules. */
async function dependencies(appDir: string, env: Env, undo: Undo[]): Promise<string> {
  const home = join(appDir, '../..')
  const done = join(home, 'done')
  if (!existsSync(done)) {
    console.log('Installing its dependencies, this once …')
    const manifest = readFileSync(join(appDir, 'package.json'), 'utf8')
    writeFileSync(
      join(home, 'package.json'),
      // Vite serves the files of a workspace, and asks `workspaces` where it begins.
      JSON.stringify({ ...(JSON.parse(manifest) as object), workspaces: [] }),
    )
    const install = ['install', '--no-audit', '--no-fund', '--prefer-offline']
    await supervised(['npm', ...install], home, env, undo)
    writeFileSync(done, '')
  }
  return join(home, 'node_modules')
}

/** Runs a program to its end; it doesn't outlive us. Throws with what it printed. */
async function supervised(
  command: readonly string[],
  cwd: string,
  env: Env,
  undo: Undo[],
): Promise<void> {
  const child = spawn(process.execPath, [SUPERVISOR, ...command], {
    cwd,
    env: cleanEnv({ ...env, NO_COLOR: '1' }),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  undo.push(() => {
    child.stdin.end()
    return closed
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (part) => (output += part))
  child.stderr.setEncoding('utf8').on('data', (part) => (output += part))
  const [code] = (await closed) as [number | null]
  if (code !== 0) throw new Error(output.trim())
}

const remove = (folder: string) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })

async function undoAll(undo: Undo[]): Promise<void> {
  for (let act = undo.pop(); act; act = undo.pop()) await act()
}

/** Ends once, on the first signal or failure. */
function run(flags: readonly string[]): void {
  const undo: Undo[] = []
  let ending = false
  const end = async (exitCode: number) => {
    if (ending) return
    ending = true
    await undoAll(undo)
    process.exit(exitCode)
  }
  process.on('SIGINT', () => void end(130))
  process.on('SIGTERM', () => void end(143))
  process.on('SIGHUP', () => void end(129))
  main(flags, undo).catch((error: unknown) => {
    if (!ending) console.error(error instanceof Error ? error.message : error)
    return end(1)
  })
}

const given = process.argv.slice(2)
run(given.length > 0 ? given : DEFAULT_FLAGS)
