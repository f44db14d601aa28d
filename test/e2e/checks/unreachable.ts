import { expect } from 'vitest'
import type { Suite } from '../suite.ts'
import { ownDeployment } from '../support/backend.ts'
import { createAccount, newUser, useAccount } from '../support/people.ts'
import type { Account } from '../support/people.ts'
import { alertOf, fillSignIn } from './account.ts'
import { load, STACK } from './guard.ts'
import { accessible } from './pages.ts'

/** Convex goes away under a running app: its functions first, then all of it. */
export function unreachableChecks(suite: Suite): void {
  if (ownDeployment) functionsFail(suite)
  allIsGone(suite)
}

function functionsFail({ visit }: Suite): void {
  visit('functions unreachable: the page says so', async (visit) => {
    const { page, context, site, step } = visit
    NETWORK.forEach(visit.expectMessage)
    const account = await createAccount(site)
    await useAccount(context, site, account)
    await site.backend.stopFunctions()
    await step('the server answers', async () => {
      const response = await load(site, '/dashboard', account.cookie)
      expect(response.status).toBe(503)
      const html = await response.text()
      expect(html).toContain('You are still signed in')
      expect(html).not.toMatch(STACK)
      expect(html).not.toContain('ECONNREFUSED')
    })
    await step('the page says so', async () => {
      await page.goto('/dashboard')
      await page.getByRole('heading', { name: 'Be right back' }).waitFor()
      await page.waitForLoadState('networkidle')
      expect(await page.locator('body').innerText()).not.toMatch(STACK)
      await accessible(page)
    })
  })
}

function allIsGone({ check, visit }: Suite): void {
  let account: Account | undefined
  const user = () => {
    if (account) return account
    throw new Error('The backend was not stopped')
  }

  check('Convex unreachable: what the server answers', async (site) => {
    account = await createAccount(site)
    await site.backend.stop()
    for (const cookie of ['', account.cookie]) {
      for (const path of ['/', '/sign-in', '/sign-up']) {
        const response = await load(site, path, cookie)
        expect(response.status, path).toBe(200)
        expect(await response.text()).not.toMatch(STACK)
      }
    }
    for (const path of ['/dashboard', '/settings']) {
      const signedOut = await load(site, path)
      expect(signedOut.headers.get('location'), path).toMatch(/^\/sign-in\?/)
      const response = await load(site, path, account.cookie)
      expect(response.status, path).toBe(503)
      const html = await response.text()
      expect(html).toContain('You are still signed in')
      expect(html).not.toMatch(STACK)
    }
    const proxied = await load(site, '/api/auth/get-session', account.cookie)
    expect(proxied.status).toBe(503)
    expect(await proxied.text()).not.toMatch(STACK)
  })

  visit('Convex unreachable: what a user sees', async (visit) => {
    const { page, context, site, step } = visit
    NETWORK.forEach(visit.expectMessage)
    await useAccount(context, site, user())
    await step('a page of theirs says so', async () => {
      await page.goto('/dashboard')
      expect(await alertOf(page)).toMatch(/still signed in/)
      expect(await page.getByText('Sign in', { exact: true }).count()).toBe(0)
      await accessible(page)
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.getByRole('alert').waitFor()
    })
  })

  visit('Convex unreachable: the form says so', async (visit) => {
    const { page, step } = visit
    NETWORK.forEach(visit.expectMessage)
    await page.goto('/sign-in')
    await step('sign in', async () => {
      await fillSignIn(page, newUser())
      expect(await alertOf(page)).toMatch(/backend cannot be reached/)
    })
  })
}

/** The browser's own lines about a server that isn't there, and the app's about what it asked it. */
const NETWORK = [
  /^error: Failed to load resource: the server responded with a status of 503 /,
  /^error: Failed to load resource: net::ERR_CONNECTION_REFUSED /,
  /^error: WebSocket connection to 'ws:\/\/127\.0\.0\.1:\d+\/api\/[\w.]+\/sync' failed: /,
  /^error: (?:%o\s+%s\s+%s\s+)?Error: Convex is unreachable/,
  /^warning: Warning: Error in route match: /,
  // React throws the route's error again as it hydrates.
  /^uncaught: Error: (?:Minified React error #520;|There was an error during)/,
]
