import type { Browser, Page } from 'playwright-core'
import { useAccount, type Account } from '../../test/e2e/support/people.ts'
import type { Call, RecordedBackend } from './backend.ts'
import { atMost, type Row } from './table.ts'

const TOKEN = 'GET /api/auth/convex/token'
const ROUNDS = 3

/** What the server asks Convex for one full load of `/dashboard`. */
export async function dashboardRequests(
  url: string,
  { cookie }: Account,
  { calls }: RecordedBackend,
): Promise<Row> {
  const before = calls.length
  const response = await fetch(`${url}/dashboard`, { headers: { cookie }, redirect: 'manual' })
  const html = await response.text()
  if (response.status !== 200) throw new Error(`/dashboard answered ${response.status}: ${html}`)
  return requestsRow(calls.slice(before))
}

function requestsRow(calls: readonly Call[]): Row {
  const queries = calls.filter(({ name }) => /^POST \/api\/query(?:_at_ts)? /.test(name))
  const tokens = calls.filter(({ name }) => name === TOKEN)
  const others = calls.length - tokens.length - queries.length
  const distinct = new Set(queries.map(({ name }) => name)).size
  const together = overlap(queries)
  const parts = [
    `${tokens.length} token`,
    `${queries.length} queries`,
    ...(others > 0 ? [`${others} more`] : []),
    together ? 'in parallel' : 'one by one',
  ]
  return {
    what: 'requests to Convex, full load of /dashboard',
    must: `1 token, ${distinct} queries, in parallel`,
    measured: parts.join(', '),
    ok: tokens.length === 1 && queries.length === distinct && others === 0 && together,
    notes: [calls.map(({ name }) => name).join(', ')],
  }
}

/** Whether all of them were on their way at one moment. */
const overlap = (calls: readonly Call[]) =>
  Math.max(...calls.map(({ start }) => start)) < Math.min(...calls.map(({ end }) => end))

/** The most that any hover, and any navigation, costs in the browser. */
export async function roundTrips(
  url: string,
  account: Account,
  { calls }: RecordedBackend,
  browser: Browser,
): Promise<Row[]> {
  const context = await browser.newContext({ baseURL: url })
  try {
    await useAccount(context, { name: 'bench', url }, account)
    const page = await context.newPage()
    const count = counter(page, calls)
    await page.goto('/dashboard', { waitUntil: 'networkidle' })
    const hovers: number[] = []
    const navigations: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of ['Settings', 'Dashboard']) {
        const link = page.getByRole('navigation').getByRole('link', { name })
        hovers.push(await count(() => link.hover()))
        navigations.push(await count(() => follow(page, link, name)))
      }
    }
    return [
      tripsRow('auth round trips per hover', hovers),
      tripsRow('auth round trips per client navigation', navigations),
    ]
  } finally {
    await context.close()
  }
}

async function follow(page: Page, link: ReturnType<Page['locator']>, name: string): Promise<void> {
  await link.click()
  await page.waitForURL(`**/${name.toLowerCase()}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
}

const isAuth = (path: string) => path.includes('/api/auth/') || path.includes('/_serverFn/')

/** Counts the browser's calls of the app's server, and the app's of Better Auth; whichever are more. */
function counter(page: Page, calls: readonly Call[]) {
  let asked = 0
  page.on('request', (request) => {
    if (isAuth(new URL(request.url()).pathname)) asked += 1
  })
  return async (act: () => Promise<unknown>): Promise<number> => {
    const [askedBefore, before] = [asked, calls.length]
    await act()
    await quiet(page)
    const onward = calls.slice(before).filter(({ name }) => isAuth(name))
    return Math.max(asked - askedBefore, onward.length)
  }
}

/** Long enough for what an act sets off: the preload of a hover waits 50 ms. */
const quiet = async (page: Page) => {
  await page.waitForTimeout(500)
  await page.waitForLoadState('networkidle')
}

const tripsRow = (what: string, counts: readonly number[]): Row =>
  atMost({ what, limit: 0, actual: Math.max(...counts), notes: [`the most of ${counts.length}`] })
