import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { launchBrowser, requireBrowser } from '../test/e2e/support/browser.ts'
import { createAccount } from '../test/e2e/support/people.ts'
import { freePorts } from '../test/e2e/support/ports.ts'
import { startServer } from '../test/e2e/support/process.ts'
import { startApp } from '../test/e2e/support/site.ts'
import { makeWorkspace, type Workspace } from '../test/e2e/support/workspace.ts'
import { COMBINATIONS } from '../test/helpers/combinations.ts'
import { packAndInstall } from '../test/helpers/pack.ts'
import { pathFor } from '../test/helpers/run.ts'
import { startRecordedBackend } from './app/backend.ts'
import { writeBareApp } from './app/bare.ts'
import { codeSize, ownTests } from './app/code.ts'
import { lighthouse } from './app/lighthouse.ts'
import { tokenRequests } from './app/requests.ts'
import { clientSize } from './app/sizes.ts'
import { buildTime, serverTime, throughput } from './app/speed.ts'
import { tableOf, type Row } from './app/table.ts'

// `npm run bench:app`: the figures of the generated app, with Tailwind and both
// providers; each ratio beside the guide's bare wiring, in turns. Ends with 1 only when
// something could not be measured: a figure that is not met is said.

const OURS = 'tailwind-github-google'
const BARE = 'bare'

/** What has to be undone, the last first. */
type Undo = () => unknown

/** The apps in service, and what is behind ours. */
interface Running {
  readonly ours: string
  readonly bare: string
  readonly backend: Awaited<ReturnType<typeof startRecordedBackend>>
  readonly browser: Browser
}

async function main(undo: Undo[]): Promise<Row[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bench-app-')))
  undo.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  requireBrowser()
  say('Packing, generating, installing …')
  const workspace = await prepare(folder)
  const appDir = join(workspace.home, OURS)
  const bareDir = join(workspace.home, BARE)
  const apps = { ours: OURS, bare: BARE }
  const rows = [
    ...(await attempt('code', () => codeSize(appDir))),
    ...(await attempt('its own tests', () => ownTests(workspace, OURS))),
    ...(await attempt('building in turns', () => buildTime(workspace, apps))),
    ...(await attempt('sizes', () => clientSize({ ours: appDir, bare: bareDir }))),
  ]
  say('Starting …')
  const running = await start(workspace, undo)
  return [...rows, ...(await measureRunning(running, folder))]
}

async function prepare(folder: string): Promise<Workspace> {
  const workspace = await makeWorkspace({
    home: join(folder, 'apps'),
    bin: packAndInstall(folder).bin,
    env: { PATH: await pathFor() },
    combinations: COMBINATIONS.filter(({ name }) => name === OURS),
  })
  const ours = join(workspace.home, OURS)
  writeBareApp(join(workspace.home, BARE), ours)
  return workspace
}

async function start(workspace: Workspace, undo: Undo[]): Promise<Running> {
  const appDir = join(workspace.home, OURS)
  const ports = workspace.ports[OURS]
  if (!ports) throw new Error(`There is no ${OURS} in the workspace`)
  const backend = await startRecordedBackend(appDir, ports)
  undo.push(backend.stop)
  const ours = await startApp(workspace, OURS, 'production', { cliEnv: {} })
  undo.push(ours.stop)
  const [port = 0] = await freePorts(1)
  const cwd = join(workspace.home, BARE)
  const command = ['node', '.output/server/index.mjs'] as const
  const bare = await startServer({ command, cwd, env: workspace.env, port })
  undo.push(bare.stop)
  const browser = await launchBrowser()
  undo.push(() => browser.close())
  return { ours: ours.url, bare: bare.url, backend, browser }
}

async function measureRunning(running: Running, folder: string): Promise<Row[]> {
  const { ours, backend, browser } = running
  const account = await createAccount({ name: OURS, url: ours })
  const { cookie } = account
  const rows = [
    ...(await attempt('tokens', () => tokenRequests(ours, account, backend, browser))),
    ...(await attempt('Lighthouse', () => lighthouse(ours, folder))),
  ]
  await browser.close()
  // Each asks in its own way, and both have to be on the tape.
  for (const url of [ours, running.bare]) await fetch(`${url}/dashboard`, { headers: { cookie } })
  backend.replay()
  return [
    ...rows,
    ...(await attempt('requests per second', () => throughput(running))),
    ...(await attempt('server time', () => serverTime(running, cookie, backend))),
  ]
}

/** What can't be measured is a row, too: the others still are. */
async function attempt(
  what: string,
  measure: () => Row | Row[] | Promise<Row | Row[]>,
): Promise<Row[]> {
  say(`Measuring: ${what} …`)
  try {
    return [await measure()].flat()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [{ what, must: '', measured: '', ok: undefined, notes: [reason] }]
  }
}

const say = (text: string) => console.error(text)

async function undoAll(undo: Undo[]): Promise<void> {
  for (let act = undo.pop(); act; act = undo.pop()) await act()
}

async function run(): Promise<void> {
  const undo: Undo[] = []
  process.once('SIGINT', () => void undoAll(undo).finally(() => process.exit(130)))
  try {
    const rows = await main(undo)
    console.log(`\n${tableOf(rows)}`)
    if (rows.some(({ ok }) => ok === undefined)) process.exitCode = 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  } finally {
    await undoAll(undo)
  }
}

await run()
