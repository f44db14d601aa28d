import { expect } from 'vitest'
import type { Suite } from '../suite.ts'
import { createAccount, newUser, postAuth } from '../support/people.ts'
import { fillSignIn } from './account.ts'
import { load } from './guard.ts'

/** What would leave the site, were it followed. */
const HOSTILE = [
  'https://evil.example/',
  'HTTPS:evil.example',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  '%2F%2Fevil.example',
  '/%09/evil.example',
  'javascript:alert(document.domain)',
  'java\tscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  ' //evil.example',
  '//evil.example/..',
  '@evil.example',
  // What the router reads as a number, a truth value, an object and a list.
  '1',
  'true',
  '{"href":"//evil.example"}',
  '["//evil.example"]',
]

/** Paths of the site that a narrow pattern or a second encoding would spoil. */
export const ODD = [
  '/dashboard?q=*',
  '/dashboard?q=100%25&r=a%20b+c',
  '/dashboard?q=(a),b;c:d@e!$[1]{2}|',
  '/dashboard?q=ä&r=%C3%A4',
  '/settings#sessions',
  '/settings?a=%23b#%25',
  '/a%2F%2Fb/%2e%2e',
]

/** `?redirect=` returns to a path of this site, and to nothing else. */
export function redirectChecks({ check, visit }: Suite): void {
  check('signed in, the server redirects within the site', async (site) => {
    const { cookie } = await createAccount(site)
    for (const page of ['/sign-in', '/sign-up']) {
      for (const target of HOSTILE) {
        const query = new URLSearchParams({ redirect: target })
        const response = await load(site, `${page}?${query}`, cookie)
        expect(response.status, `${page} ${target}`).toBe(307)
        const location = response.headers.get('location') ?? ''
        const { origin } = new URL(location, site.url + page)
        expect(origin, `${page} ${target} → ${location}`).toBe(site.url)
      }
      for (const path of ODD) {
        const query = new URLSearchParams({ redirect: path })
        const response = await load(site, `${page}?${query}`, cookie)
        const location = response.headers.get('location') ?? ''
        expect(new URL(location, site.url).href).toBe(new URL(path, site.url).href)
      }
    }
  })

  visit('the form goes to a path of the site', async (visit) => {
    const { page, context, site, step } = visit
    const user = newUser()
    await postAuth(site, 'sign-up/email', user)
    const left: string[] = []
    page.on('dialog', (dialog) => left.push(dialog.message()))
    context.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url())
      if (hostname !== 'localhost' && hostname !== '127.0.0.1') {
        left.push(protocol + hostname)
      }
    })
    const targets = [
      ['//evil.example', '/dashboard'],
      ['/\\evil.example', '/dashboard'],
      ['/\t/evil.example', '/dashboard'],
      ['javascript:alert(1)', '/dashboard'],
      ['https://evil.example', '/dashboard'],
      ['1', '/dashboard'],
      ['/settings', '/settings'],
    ] as const
    for (const [target, expected] of targets) {
      await step(JSON.stringify(target), async () => {
        await page.goto(`/sign-in?${new URLSearchParams({ redirect: target })}`)
        await fillSignIn(page, user)
        await page.waitForURL((url) => url.href === site.url + expected)
        await page.getByRole('button', { name: 'Sign out' }).first().waitFor()
        expect(left).toEqual([])
        await context.clearCookies()
      })
    }
  })
}
