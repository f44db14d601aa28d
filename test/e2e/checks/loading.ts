import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'vitest'
import type { Suite } from '../suite.ts'
import { ownDeployment } from '../support/backend.ts'
import { signedIn } from '../support/people.ts'
import type { Site } from '../support/site.ts'
import type { Visit } from '../support/visit.ts'

const PAGES = ['/', '/dashboard', '/settings']

/** What happens between the request and the first sight of a page. */
export function loadingChecks({ visit }: Suite): void {
  visit('the first paint knows the user', firstPaint)
  visit('nothing moves while a page loads', layoutShift)
  visit('a slow start loses no click', earlyClick)
  // Convex's own backend keeps no log of requests.
  if (ownDeployment) {
    visit('no query runs before its token is there', tokenFirst)
    visit('one auth round trip per full load', roundTrips)
  }
}

/** What is the same for every combination. */
export function arrivalChecks({ visit, mode }: Suite): void {
  // The pages of a dev server wait for its scripts.
  if (mode === 'production') visit('nothing moves while the start page arrives', arrival)
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

/**
 * Moves that somebody could see: 0.1 for a whole page counts as good (web.dev/articles/cls),
 * and below a hundredth of it, an icon has moved by its own width.
 */
const SHIFTS = `
window.shifts = []
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    if (value < 0.001) continue
    const nodes = sources.map(({ node }) => node?.nodeName + '.' + node?.className)
    window.shifts.push(value.toFixed(4) + ' ' + nodes)
  }
}).observe({ type: 'layout-shift', buffered: true })`

async function layoutShift(visit: Visit): Promise<void> {
  const { page, step } = visit
  await page.addInitScript(SHIFTS)
  const check = (path: string) =>
    step(path, async () => {
      await page.goto(path)
      await settle(visit)
      expect(await page.evaluate('window.shifts')).toEqual([])
    })
  for (const path of ['/', '/sign-in', '/sign-up']) await check(path)
  await signedIn(visit)
  await page.getByLabel('New task').fill('A task')
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByRole('checkbox').waitFor()
  for (const path of PAGES) await check(path)
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
      expect(await page.evaluate('window.shifts')).toEqual([])
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
    await expect.poll(() => button.isEnabled(), { timeout: 10_000 }).toBe(true)
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
  await step('a full load', async () => {
    await page.goto('/dashboard')
    await settle(visit)
  })
  const events = site.backend.requests
    .slice(before)
    .map(({ method }) => method)
    .filter((method) => method === 'Query' || method === 'Authenticate')
  expect(events).toContain('Query')
  expect(events[0], events.join()).toBe('Authenticate')
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
