import { expect } from 'vitest'
import type { Suite } from '../suite.ts'
import { createAccount, newUser, useAccount } from '../support/people.ts'
import type { Account } from '../support/people.ts'
import { alertOf, fillSignIn } from './account.ts'
import { load, STACK } from './guard.ts'
import { accessible } from './pages.ts'

/** Convex goes away under a running app. */
export function unreachableChecks({ check, visit }: Suite): void {
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
  /^error: Error: Convex is unreachable/,
  // React renders the error page a second time in the browser, where the route's
  // error has to be thrown again.
  /^uncaught: Error: (?:Minified React error #520;|There was an error during concurrent rendering)/,
]
