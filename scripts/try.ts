import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'dotenv'
import { startDeployment } from '../test/deployment/server.ts'
import { freePorts } from '../test/e2e/support/ports.ts'
import { startServer } from '../test/e2e/support/process.ts'
import { writeEnvLocal } from '../test/e2e/support/workspace.ts'
import { pathFor, runWell } from '../test/helpers/run.ts'

/** Undoes what was done, the last first. */
type Undo = (() => void | Promise<void>)[]

const root = resolve(import.meta.dirname, '..')

/**
 * `npm run try -- --tailwind --social github`: generates a repository, installs
 * it, and starts a Convex deployment for tests and the app, until Ctrl-C.
 */
async function main(flags: readonly string[]): Promise<void> {
  const undo: Undo = []
  const end = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step()
  }
  const stop = () => void end().then(() => process.exit(0))
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    const url = await start(flags, undo)
    console.log(`\n  ${url}\n\n  Ctrl-C ends it and removes the folder.`)
  } catch (error) {
    await end()
    throw error
  }
}

async function start(flags: readonly string[], undo: Undo): Promise<string> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'try-')))
  undo.push(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }))
  const [app = 0, convex = 0, convexSite = 0] = await freePorts(3)
  const env = { PATH: await pathFor() }
  console.log('Generating and installing…')
  await generate(home, flags, app)
  const appDir = join(home, 'my-app')
  writeEnvLocal(appDir, { app, convex, convexSite })
  await runWell('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: appDir,
    env,
  })
  console.log('Starting…')
  const deployment = await startDeployment({
    appDir,
    port: convex,
    sitePort: convexSite,
    env: parse(readFileSync(join(appDir, '.env.convex'))),
  })
  undo.push(() => deployment.stop())
  const command = ['npx', 'vite', 'dev'] as const
  const server = await startServer({
    command: [...command],
    cwd: appDir,
    env,
    port: app,
  })
  undo.push(server.stop)
  return server.url
}

async function generate(
  home: string,
  flags: readonly string[],
  port: number,
): Promise<void> {
  await runWell('npm', ['run', 'build', '--silent'], { cwd: root })
  const fixed = ['--pm', 'npm', '--no-install', '--no-git', '--yes']
  const bin = join(root, 'dist/index.cjs')
  const args = [bin, 'my-app', ...flags, ...fixed, '--port', String(port)]
  await runWell(process.execPath, args, { cwd: home })
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
