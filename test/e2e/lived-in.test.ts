import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { alertOf, fillSignIn } from './checks/account.ts'
import { load, STACK } from './checks/guard.ts'
import { launchBrowser } from './support/browser.ts'
import type { Fault } from './support/faulty-proxy.ts'
import { startLivedIn, type LivedIn } from './support/lived-in.ts'
import { callConvex, createAccount, hydrated, postAuth, useAccount } from './support/people.ts'
import type { Account } from './support/people.ts'
import { withVisit, type Visit } from './support/visit.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What an owner adds: a public page with live data, and a page with a fault. */
const FILES = {
  'convex/count.ts': `import { query } from './_generated/server'

export const tasks = query({
  args: {},
  handler: async (ctx) => (await ctx.db.query('tasks').collect()).length,
})
`,
  'src/routes/count.tsx': `import { convexQuery } from '@convex-dev/react-query'
import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { api } from '~/convex/_generated/api'

const countQuery = convexQuery(api.count.tasks, {})

export const Route = createFileRoute('/count')({
  loader: ({ context: { queryClient } }) => queryClient.ensureQueryData(countQuery),
  component: () => <p>{useSuspenseQuery(countQuery).data} tasks in all</p>,
})
`,
  'src/routes/broken.tsx': `import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/broken')({
  loader: () => {
    throw new Error('The fault of this page')
  },
})
`,
}

describe('lived in', () => {
  let browser: Browser
  let lived: LivedIn

  beforeAll(async () => {
    browser = await launchBrowser()
    lived = await startLivedIn(inject('workspace'), FILES)
  })
  afterAll(async () => {
    await browser?.close()
    await lived?.site.stop()
  })

  const visit = (title: string, act: (visit: Visit) => Promise<void>) =>
    test(title, async () => {
      try {
        await withVisit(browser, lived.site, title, act)
      } finally {
        lived.actions.fail()
        lived.functions.fail()
      }
    })

  /** A new user on the dashboard, who has signed in as people do, at a clock that can be moved. */
  async function settledIn({ page, context, site }: Visit): Promise<Account> {
    const account = await createAccount(site)
    await lived.setClock(context)
    await page.goto('/sign-in')
    await fillSignIn(page, account)
    await page.waitForURL('**/dashboard')
    await hydrated(page)
    await page.evaluate('window.left = "here"')
    return account
  }

  /** Adds a task from elsewhere, which every live page shows. */
  async function addElsewhere({ site }: Visit, account: Account, text: string) {
    const session = await load(site, '/api/auth/convex/token', account.cookie)
    const { token } = (await session.json()) as { token: string }
    const { status } = await callConvex(site, 'mutation', 'tasks:add', { text }, token)
    expect(status).toBe('success')
  }

  const notLoadedAnew = async (page: Page) =>
    expect(await page.evaluate('window.left')).toBe('here')

  visit('eight days with a page load a day', async (visit) => {
    NETWORK.forEach(visit.expectMessage)
    const { page, context, step } = visit
    const { name } = await settledIn(visit)
    await page.goto('about:blank')
    for (let day = 1; day <= 8; day += 1) {
      await step(`day ${day}`, async () => {
        await lived.pass(DAY + HOUR, context)
        // The load alone: no script has the time to ask for anything.
        const response = await context.request.get('/dashboard', { maxRedirects: 0 })
        expect(response.status()).toBe(200)
        expect(await response.text()).toContain(`Hello, ${name}`)
      })
    }
    await step('who comes once a week stays signed in', async () => {
      await lived.pass(20 * HOUR, context)
      expect((await context.request.get('/', { maxRedirects: 0 })).status()).toBe(200)
      await lived.pass(7 * DAY - HOUR, context)
      await page.goto('/dashboard')
      await page.getByText(`Hello, ${name}`).waitFor()
    })
    await step('who is away for longer signs in again', async () => {
      await lived.pass(9 * DAY, context)
      await page.waitForURL('**/sign-in?redirect=%2Fdashboard')
    })
  })

  const faults: Fault[] = [503, 502, 'hang', 'refuse']
  for (const fault of faults) {
    visit(`the token request fails: ${fault}`, async (visit) => {
      NETWORK.forEach(visit.expectMessage)
      const { page, context, step } = visit
      const account = await settledIn(visit)
      await page.getByLabel('New task').fill('half a tho')
      await step('the backend is away when the token runs out', async () => {
        lived.actions.fail(fault)
        const before = lived.actions.met()
        const answered = page.waitForResponse('**/convex/token')
        await lived.pass(16 * MINUTE, context)
        await expect.poll(lived.actions.met).toBeGreaterThan(before)
        if (fault === 'hang') answered.catch(() => {})
        else expect((await answered).status()).toBeGreaterThan(501)
      })
      await step('it comes back', async () => {
        lived.actions.fail()
        if (fault === 'hang') await context.clock.fastForward(10_000)
        await addElsewhere(visit, account, 'Live again')
        await page.getByRole('checkbox', { name: 'Live again' }).waitFor()
        expect(await page.getByLabel('New task').inputValue()).toBe('half a tho')
        await page.getByRole('button', { name: 'Add' }).click()
        await page.getByRole('checkbox', { name: 'half a tho' }).waitFor()
        await notLoadedAnew(page)
      })
    })
  }

  visit("a night's sleep", async (visit) => {
    NETWORK.forEach(visit.expectMessage)
    const { page, context, step } = visit
    const account = await settledIn(visit)
    await page.getByLabel('New task').fill('a dream')
    await step('the network is back some seconds after the lid', async () => {
      lived.actions.fail('refuse')
      lived.functions.fail('refuse')
      await context.setOffline(true)
      await lived.pass(8 * HOUR, context)
      const before = lived.actions.met()
      // The browser says that it is online before anything answers.
      await context.setOffline(false)
      await expect.poll(lived.actions.met).toBeGreaterThan(before)
      await context.clock.runFor(5000)
      lived.actions.fail()
      lived.functions.fail()
    })
    await step('all goes on', async () => {
      await addElsewhere(visit, account, 'Good morning')
      await page.getByRole('checkbox', { name: 'Good morning' }).waitFor()
      await page.getByRole('button', { name: 'Add' }).click()
      await page.getByRole('checkbox', { name: 'a dream' }).waitFor()
      await notLoadedAnew(page)
    })
  })

  visit('two deployments under open tabs', async (visit) => {
    NETWORK.forEach(visit.expectMessage)
    const { page, context, step } = visit
    await settledIn(visit)
    const other = await context.newPage()
    await other.goto('/')
    await hydrated(other)
    let loads = 0
    page.on('request', (request) => {
      if (request.isNavigationRequest()) loads += 1
    })
    await step('the first: the token and live data go on', async () => {
      await lived.deploy()
      const asked = page.waitForResponse('**/convex/token')
      await lived.pass(15 * MINUTE, context)
      expect((await asked).status()).toBe(200)
      await page.getByLabel('New task').fill('After the deployment')
      await page.getByRole('button', { name: 'Add' }).click()
      await page.getByRole('checkbox', { name: 'After the deployment' }).waitFor()
      await notLoadedAnew(page)
    })
    await step('a page whose code is gone: one load', async () => {
      await page.getByRole('link', { name: 'Settings' }).click()
      await page.getByText('This device').waitFor()
      expect(loads).toBe(1)
      expect(new URL(page.url()).pathname).toBe('/settings')
      await page.getByText('The second version').first().waitFor()
    })
    await step('the second: the tab of the first version signs out', async () => {
      await lived.deploy()
      await other.getByText('The first version').first().waitFor()
      await other.getByRole('button', { name: 'Sign out' }).click()
      await other.getByRole('link', { name: 'Sign in' }).first().waitFor()
      await page.waitForURL('**/sign-in?redirect=%2Fsettings')
    })
  })

  visit('a page whose code never comes is no loop', async (visit) => {
    NETWORK.forEach(visit.expectMessage)
    const { page, context } = visit
    await settledIn(visit)
    let loads = 0
    page.on('request', (request) => {
      if (request.isNavigationRequest()) loads += 1
    })
    await context.route(/\/assets\/settings[^/]*\.js/, (route) => route.abort())
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('heading', { name: 'Something went wrong' }).waitFor()
    expect(loads).toBe(1)
  })

  visit('the browser keeps no data of the site', async (visit) => {
    const { page, context, site, step } = visit
    await context.addInitScript(NO_SITE_DATA)
    const account = await createAccount(site)
    await useAccount(context, site, account)
    await page.goto('/dashboard')
    await step('the page works', async () => {
      await page.getByLabel('New task').fill('A task')
      await page.getByRole('button', { name: 'Add' }).click()
      await page.getByRole('checkbox', { name: 'A task' }).waitFor()
      await page.getByLabel('Theme').selectOption('dark')
      await page.getByRole('link', { name: 'Settings' }).click()
      await page.getByText('This device').waitFor()
    })
    await step('and signs out', async () => {
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await page.waitForURL('**/sign-in?redirect=%2Fsettings')
    })
  })

  visit('a public query is live, for a visitor and for a user', async (visit) => {
    const { page, site, step } = visit
    const account = await createAccount(site)
    const follows = async () => {
      await page.goto('/count')
      const shown = await page.getByText('tasks in all').innerText()
      await addElsewhere(visit, account, 'One more')
      await page.getByText(`${Number.parseInt(shown) + 1} tasks in all`).waitFor()
    }
    await step('signed out', follows)
    await page.goto('/sign-in')
    await fillSignIn(page, account)
    await page.waitForURL('**/dashboard')
    await step('signed in', follows)
  })

  visit('a public page that was loaded while nobody could say who it is', async (visit) => {
    NETWORK.forEach(visit.expectMessage)
    const { page, context, site, step } = visit
    const account = await createAccount(site)
    await useAccount(context, site, account)
    lived.actions.fail(503)
    await page.goto('/count')
    const shown = await page.getByText('tasks in all').innerText()
    await step('it asks again, and goes on', async () => {
      lived.actions.fail()
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
      await addElsewhere(visit, account, 'One more')
      await page.getByText(`${Number.parseInt(shown) + 1} tasks in all`).waitFor()
    })
  })

  visit('a public page while the functions are away', async (visit) => {
    NETWORK.forEach(visit.expectMessage)
    const { page } = visit
    lived.functions.fail('refuse')
    await page.goto('/count')
    expect(await alertOf(page)).toMatch(/can’t be reached/)
    expect(await alertOf(page)).not.toMatch(/signed in/)
    lived.functions.fail()
    await page.getByText('tasks in all').waitFor()
  })

  visit('a backend that never answers', async (visit) => {
    NETWORK.forEach(visit.expectMessage)
    const { page, context, site, step } = visit
    const account = await createAccount(site)
    await useAccount(context, site, account)
    await step('the server waits 10 s for a token, and for a query', async () => {
      lived.actions.fail('hang')
      lived.functions.fail('hang')
      const token = load(site, '/dashboard', account.cookie)
      // Once it has asked for its token.
      await load(site, '/sign-in')
      lived.actions.fail()
      lived.actions.fail('hang')
      const answers = [await token]
      lived.actions.fail()
      answers.push(await load(site, '/dashboard', account.cookie))
      lived.functions.fail()
      for (const answer of answers) {
        expect(answer.status).toBe(503)
        expect(await answer.text()).toContain('Be right back')
      }
    })
    await step('and for what a form sends', async () => {
      await page.goto('/settings')
      await page.getByLabel('Current password').fill(account.password)
      await page.getByLabel('New password').fill('another correct horse')
      lived.functions.fail('hang')
      lived.actions.fail('hang')
      const signIn = postAuth(site, 'sign-in/email', account)
      await page.getByRole('button', { name: 'Change password' }).click()
      expect((await signIn).status).toBe(503)
      expect(await alertOf(page)).toMatch(/did not work/)
    })
  })

  visit('a link while the socket is refused', async (visit) => {
    NETWORK.forEach(visit.expectMessage)
    const { page, context, step } = visit
    await settledIn(visit)
    await step('the navigation shows that it waits', async () => {
      lived.functions.fail('refuse')
      await page.getByRole('link', { name: 'Settings' }).click()
      await page.getByRole('progressbar', { name: 'Loading the page' }).waitFor()
      await page.getByText('Hello').waitFor()
    })
    await step('and gives up after 10 s', async () => {
      await context.clock.fastForward(10_000)
      expect(await alertOf(page)).toMatch(/still signed in/)
    })
    await step('and goes on by itself', async () => {
      lived.functions.fail()
      await context.clock.fastForward(20_000)
      await page.getByText('This device').waitFor()
      await notLoadedAnew(page)
    })
  })

  visit('an error of a page shows no stack', async (visit) => {
    NETWORK.forEach(visit.expectMessage)
    visit.expectMessage(/^error: Failed to load resource: .* status of 500 /)
    visit.expectMessage(/^error: .*The fault of this page/s)
    const { page, site } = visit
    const response = await load(site, '/broken')
    expect(response.status).toBe(500)
    const html = await response.text()
    expect(html).toContain('Something went wrong')
    expect(html).not.toMatch(STACK)
    await page.goto('/broken')
    await page.getByRole('heading', { name: 'Something went wrong' }).waitFor()
    await page.waitForLoadState('networkidle')
    expect(await page.locator('body').innerText()).not.toMatch(/fault of this page/)
  })

  visit('a new secret signs everybody out, who can sign in again', async (visit) => {
    NETWORK.forEach(visit.expectMessage)
    const { page, context, site, step } = visit
    const account = await settledIn(visit)
    await step('an open tab goes to sign in', async () => {
      const value = 'another-secret-of-the-deployment-0123456789'
      await site.backend.setVariables([{ name: 'BETTER_AUTH_SECRET', value }])
      await lived.pass(15 * MINUTE, context)
      await page.waitForURL('**/sign-in?redirect=%2Fdashboard')
    })
    await step('and in again', async () => {
      await fillSignIn(page, account)
      await page.waitForURL('**/dashboard')
      await page.getByText('Hello').waitFor()
    })
  })
})

/** The browser's own lines about a server that isn't there, and what the app's libraries make of it. */
const NETWORK = [
  /^error: Failed to load resource: the server responded with a status of (?:401|404|502|503) /,
  /^error: Failed to load resource: net::ERR_/,
  /^error: WebSocket connection to /,
  /^error: Error: Convex is unreachable/,
  /^(?:error|warning): .*(?:dynamically imported module|WebSocket|route match)/,
  /^uncaught: .*(?:Minified React error #520;|dynamically imported module)/,
]

const NO_SITE_DATA = `
const refuse = () => { throw new DOMException('The operation is insecure.', 'SecurityError') }
window.BroadcastChannel = class { constructor() { refuse() } }
Object.defineProperty(document, 'cookie', { get: refuse, set: refuse })
for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
  Object.defineProperty(window, name, { get: refuse })
}`
