import { get, Agent } from 'node:http'
import { performance } from 'node:perf_hooks'
import { pathFor, runWell } from '../../test/helpers/run.ts'
import { buildApp, type Workspace } from '../../test/e2e/support/workspace.ts'
import { median } from '../measure.ts'
import type { RecordedBackend } from './backend.ts'
import { atLeast, atMost, type Row } from './table.ts'

/** The generated app's figures and the empty one's, taken in turns. */
interface Pair {
  readonly ours: readonly number[]
  readonly empty: readonly number[]
}

/** Measures A B A B …, after a first round that isn't counted. */
async function inTurns(
  rounds: number,
  ours: () => Promise<number>,
  empty: () => Promise<number>,
): Promise<Pair> {
  const pair = { ours: [] as number[], empty: [] as number[] }
  for (let round = 0; round <= rounds; round += 1) {
    const [a, b] = [await ours(), await empty()]
    if (round === 0) continue
    pair.ours.push(a)
    pair.empty.push(b)
  }
  return pair
}

/** The median of the rounds' ratios: the two of a round met the same machine. */
const ratio = ({ ours, empty }: Pair): number =>
  median(ours.map((figure, round) => figure / (empty[round] ?? Number.NaN)))

function note({ ours, empty }: Pair, unit: string, digits: number): string {
  const [a, b] = [median(ours).toFixed(digits), median(empty).toFixed(digits)]
  return `${a} ${unit} and ${b} ${unit}, medians of ${ours.length} in turns`
}

/** `npm run build`; leaves both built. */
export async function buildTime(workspace: Workspace, ours: string, empty: string): Promise<Row> {
  const build = (name: string) => async () => {
    const start = performance.now()
    await buildApp(workspace, name)
    return performance.now() - start
  }
  const pair = await inTurns(4, build(ours), build(empty))
  return atMost({
    what: 'npm run build ÷ the empty app',
    limit: 1.3,
    actual: ratio(pair),
    digits: 2,
    notes: [note(pair, 'ms', 0)],
  })
}

/** Requests per second for the home page of a visitor. */
export async function throughput(ours: string, empty: string): Promise<Row> {
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
  const pair = await inTurns(6, load(`${ours}/`), load(`${empty}/`))
  return atLeast({
    what: 'requests per second for /, signed out ÷ the empty app',
    limit: 0.8,
    actual: ratio(pair),
    digits: 2,
    notes: [note(pair, 'per second', 0)],
  })
}

/** Time of a signed-in `/dashboard`, one after the other, without what the replayed backend took. */
export async function serverTime(
  { ours, empty, cookie }: { ours: string; empty: string; cookie: string },
  { calls }: RecordedBackend,
): Promise<Row> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const dashboard = async () => {
    const before = calls.length
    const time = await timed(`${ours}/dashboard`, agent, { cookie })
    return time - covered(calls.slice(before))
  }
  const page = () => timed(`${empty}/`, agent, {})
  try {
    // Until both are compiled by the engine.
    for (let warm = 0; warm < 300; warm += 1) await inTurns(0, dashboard, page)
    const pair = await inTurns(1000, dashboard, page)
    return atMost({
      what: "server time of /dashboard beyond the backend's ÷ the empty app's page",
      limit: 1.5,
      actual: median(pair.ours) / median(pair.empty),
      digits: 2,
      notes: [note(pair, 'ms', 2)],
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
