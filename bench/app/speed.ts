import { get, Agent } from 'node:http'
import { performance } from 'node:perf_hooks'
import { pathFor, runWell } from '../../test/helpers/run.ts'
import { buildApp, type Workspace } from '../../test/e2e/support/workspace.ts'
import { median } from '../measure.ts'
import type { RecordedBackend } from './backend.ts'
import { atLeast, atMost, type Row } from './table.ts'

/** A figure of each of the apps, or how it is measured once. */
interface Apps<Figure> {
  /** The generated one. */
  readonly ours: Figure
  /** What the stack costs without an app. */
  readonly bare: Figure
}

/** Measures A B A B …, after a first round that isn't counted. */
async function inTurns(rounds: number, { ours, bare }: Apps<() => Promise<number>>) {
  const figures: Apps<number[]> = { ours: [], bare: [] }
  for (let round = 0; round <= rounds; round += 1) {
    const [a, b] = [await ours(), await bare()]
    if (round === 0) continue
    figures.ours.push(a)
    figures.bare.push(b)
  }
  return figures
}

/** The median of the rounds' ratios: those of a round met the same machine. */
const ratio = ({ ours, bare }: Apps<number[]>): number =>
  median(ours.map((figure, round) => figure / (bare[round] ?? Number.NaN)))

function notesOf({ ours, bare }: Apps<number[]>, unit: string, digits: number) {
  const [a, b] = [median(ours).toFixed(digits), median(bare).toFixed(digits)]
  return [`${a} ${unit} and ${b} ${unit}, medians of ${ours.length} in turns`]
}

/** `npm run build`; leaves both of them built. */
export async function buildTime(workspace: Workspace, apps: Apps<string>): Promise<Row> {
  const build = (name: string) => async () => {
    const start = performance.now()
    await buildApp(workspace, name)
    return performance.now() - start
  }
  const figures = await inTurns(6, { ours: build(apps.ours), bare: build(apps.bare) })
  return atMost({
    what: 'npm run build ÷ the bare wiring',
    limit: 1.25,
    actual: ratio(figures),
    digits: 2,
    notes: notesOf(figures, 'ms', 0),
  })
}

/** Requests per second for the home page of a visitor. */
export async function throughput({ ours, bare }: Apps<string>): Promise<Row> {
  const env = { PATH: await pathFor('autocannon@8.0.0') }
  const load = (url: string) => async () => {
    const args = ['--json', '--no-progress', '--connections', '10', '--duration', '3', url]
    const output = await runWell('autocannon', args, { cwd: import.meta.dirname, env })
    const { requests, errors, non2xx } = JSON.parse(output.slice(output.indexOf('{'))) as {
      requests: { average: number }
      errors: number
      non2xx: number
    }
    if (errors + non2xx > 0) throw new Error(`${url} failed under load: ${output}`)
    return requests.average
  }
  const figures = await inTurns(6, { ours: load(`${ours}/`), bare: load(`${bare}/`) })
  return atLeast({
    what: 'requests per second for /, signed out ÷ the bare wiring',
    limit: 0.8,
    actual: ratio(figures),
    digits: 2,
    notes: notesOf(figures, 'per second', 0),
  })
}

/** Time of a signed-in `/dashboard`, one after the other, without what the replayed backend took. */
export async function serverTime(
  { ours, bare }: Apps<string>,
  cookie: string,
  { calls }: RecordedBackend,
): Promise<Row> {
  const agent = new Agent({ keepAlive: true, maxSockets: 2 })
  const dashboard = (url: string) => async () => {
    const before = calls.length
    const time = await timed(`${url}/dashboard`, agent, { cookie })
    return time - covered(calls.slice(before))
  }
  const turns = { ours: dashboard(ours), bare: dashboard(bare) }
  try {
    // Until they are compiled by the engine.
    for (let warm = 0; warm < 300; warm += 1) await inTurns(0, turns)
    const figures = await inTurns(1000, turns)
    return atMost({
      what: "server time of /dashboard beyond the backend's ÷ the bare wiring",
      limit: 1.15,
      actual: median(figures.ours) / median(figures.bare),
      digits: 2,
      notes: notesOf(figures, 'ms', 2),
    })
  } finally {
    agent.destroy()
  }
}

/** Milliseconds until the last byte. */
function timed(url: string, agent: Agent, headers: Record<string, string>): Promise<number> {
  const start = performance.now()
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`))
      response.resume().once('end', () => resolve(performance.now() - start))
    }).once('error', reject)
  })
}

/** Milliseconds in which at least one of the calls, in order of their start, was being answered. */
function covered(calls: RecordedBackend['calls']): number {
  let [sum, until] = [0, 0]
  for (const { start, end } of calls.toSorted((a, b) => a.start - b.start)) {
    sum += Math.max(0, end - Math.max(start, until))
    until = Math.max(until, end)
  }
  return sum
}
