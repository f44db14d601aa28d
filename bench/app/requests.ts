import type { Browser, Page } from 'playwright-core'
import { useAccount, type Account } from '../../test/e2e/support/people.ts'
import type { RecordedBackend } from './backend.ts'
import { atMost, type Row } from './table.ts'

const ROUNDS = 3

/** What a full load, a hover and a navigation ask Better Auth for tokens, server and browser together. */
export async function tokenRequests(
  url: string,
  account: Account,
  backend: RecordedBackend,
  browser: Browser,
): Promise<Row[]> {
  const context = await browser.newContext({ baseURL: url })
  try {
    await useAccount(context, { name: 'bench', url }, account)
    const page = await context.newPage()
    const count = counter(page, backend)
    const loads: number[] = []
    for (const path of ['/', '/dashboard', '/settings']) {
      loads.push(await count(() => page.goto(path, { waitUntil: 'networkidle' })))
    }
    const moves: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of ['Dashboard', 'Settings']) {
        const link = page.getByRole('navigation').getByRole('link', { name })
        moves.push(await count(() => link.hover()))
        moves.push(await count(() => follow(page, link, name)))
      }
    }
    return [
      row('token requests of a full load', 2, loads),
      row('token requests of a hover or navigation', 0, moves),
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

/** Counts at the deployment, which hears of both. */
const counter = (page: Page, { calls }: RecordedBackend) => {
  return async (act: () => Promise<unknown>): Promise<number> => {
    const before = calls.length
    await act()
    // Long enough for what an act sets off: the preload of a hover waits 50 ms.
    await page.waitForTimeout(500)
    await page.waitForLoadState('networkidle')
    return calls.slice(before).filter(({ name }) => name.includes('/api/auth/convex/token')).length
  }
}

const row = (what: string, limit: number, counts: readonly number[]): Row =>
  atMost({ what, limit, actual: Math.max(...counts), notes: [`the most of ${counts.join(' ')}`] })
