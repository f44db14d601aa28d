import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Suite } from '../suite.ts'
import { ownDeployment } from '../support/backend.ts'
import { signedIn } from '../support/people.ts'
import type { Site } from '../support/site.ts'
import type { Visit } from '../support/visit.ts'

const PAGES = ['/', '/dashboard', '/settings']

/** What a look changes while a page loads. */
export function firstSightChecks({ visit }: Suite): void {
  visit('the first paint knows the user', firstPaint)
  visit('nothing moves while a page loads', layoutShift)
}

/** What happens between the request and the first sight of a page. */
export function loadingChecks({ visit }: Suite): void {
  visit('a slow start loses no click', earlyClick)
  // Convex's own backend keeps no log of requests.
  if (ownDeployment) {
    visit('no query runs before its token is there', tokenFirst)
    visit('one auth round trip per full load', roundTrips)
  }
}

/** Not of a dev server, whose pages wait for its scripts. */
export function arrivalChecks({ visit }: Suite): void {
  visit('nothing moves while the start page arrives', arrival)
}

/**
 * Notes every set of links and buttons that the page goes through, from the
 * first byte on: at each change of the document, and in each frame.
 */
const RECORDER = `
window.seen = []
const note = () => {
  const busy = document.querySelector('[aria-busy=true], [role=progressbar]')
  const links = [...document.querySelectorAll('a, button')]
  const state = links.map((link) => link.innerText.trim()).join(', ') + (busy ? ' (busy)' : '')
  if (state && window.seen.at(-1) !== state) window.seen.push(state)
}
new MutationObserver(note).observe(document, {
  subtree: true, childList: true, characterData: true, attributes: true,
})
const frame = () => { note(); requestAnimationFrame(frame) }
frame()`

async function firstPaint(visit: Visit): Promise<void> {
  const { page, step } = visit
  await page.addInitScript(RECORDER)
  await step('the recorder sees what a visitor gets', async () => {
    await page.goto('/')
    await settle(visit)
    expect(await seen(visit)).toMatch(/Sign in/)
  })
  await signedIn(visit)
  for (const path of PAGES) {
    await step(`signed in, ${path}`, async () => {
      await page.goto(path)
      await settle(visit)
      const states = await seen(visit)
      expect(states).toMatch(/Sign out/)
      expect(states).not.toMatch(/Sign in|Create account|busy/)
    })
  }
}

const seen = async ({ page }: Visit) =>
  ((await page.evaluate('window.seen')) as string[]).join(' | ')

/** Hydrated, subscribed, and quiet. */
async function settle({ page }: Visit): Promise<void> {
  await page.waitForLoadState('networkidle')
}

const SHIFTS = `
window.shifts = []
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    const nodes = sources.map(({ node }) => node?.nodeName + '.' + node?.className)
    window.shifts.push({ value, nodes: nodes.join() })
  }
}).observe({ type: 'layout-shift', buffered: true })`

/** What has moved, of at least that score: 0.1 counts as good for a page (web.dev/articles/cls). */
const shiftsOf = (page: Page, least: number) =>
  page.evaluate(`window.shifts.filter(({ value }) => value >= ${least})`)

/** Whatever had arrived is painted after it. */
const TWO_FRAMES = `
new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))`

/** Loads pages, in which nothing may move. */
export async function expectStill(visit: Visit, paths: readonly string[]): Promise<void> {
  const { page, step } = visit
  await page.addInitScript(SHIFTS)
  for (const path of paths) {
    await step(path, async () => {
      await page.goto(path)
      await settle(visit)
      // The header is set from the right. A busy machine may paint it in the midst of its
      // arrival: its icon has moved by the width of a link then, which is 0.0001.
      expect(await shiftsOf(page, 0.001)).toEqual([])
    })
  }
}

async function layoutShift(visit: Visit): Promise<void> {
  const { page } = visit
  await expectStill(visit, ['/', '/sign-in', '/sign-up'])
  await signedIn(visit)
  await page.getByLabel('New task').fill('A task')
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByRole('checkbox').waitFor()
  await expectStill(visit, PAGES)
}

/**
 * A page comes in pieces, wherever they end; a busy machine or a slow line shows them one
 * by one. What stands there already must stay where it is.
 */
async function arrival({ page, site, step }: Visit): Promise<void> {
  const html = await (await fetch(`${site.url}/`)).text()
  const start = html.indexOf('<main')
  const pieces = [html.slice(0, start)]
  for (let at = start; at < html.length; at += 150) pieces.push(html.slice(at, at + 150))
  const slow = createServer(async (request, response) => {
    if (request.url !== '/') {
      const file = await fetch(site.url + request.url)
      response.writeHead(file.status, { 'content-type': file.headers.get('content-type') ?? '' })
      return void response.end(Buffer.from(await file.arrayBuffer()))
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    for (const piece of pieces) {
      response.write(piece)
      await new Promise((resolve) => setTimeout(resolve, 30))
      // A busy machine would show several pieces at once.
      await page.evaluate(TWO_FRAMES).catch(() => {})
    }
    response.end()
  })
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
  try {
    await page.addInitScript(SHIFTS)
    await step('the start page, piece by piece', async () => {
      const { port } = slow.address() as AddressInfo
      await page.goto(`http://127.0.0.1:${port}/`)
      await page.getByRole('main').getByRole('link', { name: 'Sign in' }).waitFor()
      expect(await shiftsOf(page, 0)).toEqual([])
    })
  } finally {
    slow.close()
    slow.closeAllConnections()
  }
}

/** Until React listens, a button must be off: the browser would send the form by itself. */
async function earlyClick({ context, page, step }: Visit): Promise<void> {
  await context.route(/\.js$|\/@|\.tsx/, async (route) => {
    if (route.request().resourceType() === 'script') await scriptsMay
    await route.continue()
  })
  let goOn = () => {}
  const scriptsMay = new Promise<void>((resolve) => (goOn = resolve))
  await step('before the scripts', async () => {
    await page.goto('/sign-in', { waitUntil: 'commit' })
    const button = page.getByRole('button', { name: 'Sign in', exact: true })
    await button.waitFor()
    expect(await button.isDisabled()).toBe(true)
  })
  await step('after them', async () => {
    goOn()
    const button = page.getByRole('button', { name: 'Sign in', exact: true })
    await expect.poll(() => button.isEnabled()).toBe(true)
    expect(page.url()).not.toContain('?')
  })
}

async function tokenFirst(visit: Visit): Promise<void> {
  const { page, context, site, step } = visit
  await signedIn(visit)
  await settle(visit)
  const before = site.backend.requests.length
  // The page's own code comes late, so that the socket is open before React listens.
  await context.route(/\/dashboard[^/]*\.(?:js|tsx)/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    await route.continue()
  })
  await step('a full load', () => page.goto('/dashboard'))
  const events = () =>
    site.backend.requests
      .slice(before)
      .map(({ method }) => method)
      .filter((method) => method === 'Query' || method === 'Authenticate')
  await expect.poll(events).toContain('Query')
  expect(events()[0], events().join()).toBe('Authenticate')
}

const TOKEN = '/api/auth/convex/token'

async function roundTrips(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  await signedIn(visit)
  await settle(visit)
  for (const path of PAGES) {
    await step(`full load of ${path}`, async () => {
      const before = site.backend.requests.length
      await page.goto(path)
      await settle(visit)
      const asked = authRequests(site, before).filter((request) => request.endsWith(TOKEN))
      expect(asked).toHaveLength(1)
    })
  }
  await page.goto('/dashboard')
  await settle(visit)
  const before = site.backend.requests.length
  const nav = page.getByRole('navigation')
  for (let round = 0; round < 2; round += 1) {
    await step('hover and go', async () => {
      for (const name of ['Settings', 'Dashboard']) {
        const link = nav.getByRole('link', { name })
        await link.hover()
        await settle(visit)
        await link.click()
        await page.waitForURL(`**/${name.toLowerCase()}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
      }
      await page.getByRole('link').first().click()
      await page.getByText('Go to your tasks').click()
      await page.getByText('No tasks yet').waitFor()
    })
  }
  await settle(visit)
  expect(authRequests(site, before)).toEqual([])
}

const authRequests = ({ backend }: Site, from: number) =>
  backend.requests
    .slice(from)
    .filter(({ on, path }) => on === 'site' && path.startsWith('/api/auth/'))
    .map(({ method, path }) => `${method} ${path}`)
    .filter((request) => !/\/(?:jwks|\.well-known)/.test(request))
