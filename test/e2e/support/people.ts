import { randomUUID } from 'node:crypto'
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Site } from './site.ts'
import type { Visit } from './visit.ts'

/** Somebody with an account. */
export interface User {
  readonly name: string
  readonly email: string
  readonly password: string
}

/** Somebody new: no two tests share a user. */
export const newUser = (name = 'Ada Lovelace'): User => ({
  name,
  email: `${name.toLowerCase().replaceAll(/\W+/g, '.')}.${randomUUID()}@example.com`,
  password: 'correct horse battery',
})

/** A user's own requests, without a browser. */
export interface Account extends User {
  /** The Cookie header. */
  readonly cookie: string
  /** The token that Convex takes. */
  readonly token: string
}

/** Where an app answers, and what a failure calls it. */
type Address = Pick<Site, 'name' | 'url'>

/** Calls Better Auth through the app, as the browser does. */
export function postAuth(
  site: Address,
  path: string,
  body: object,
  cookie = '',
): Promise<Response> {
  return fetch(`${site.url}/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: site.url, cookie },
    body: JSON.stringify(body),
  })
}

/** Not many at once: the app's server gives the deployment ten seconds for an answer. */
export async function threeAtATime<T>(count: number, ask: (n: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = []
  for (let n = 0; n < count; n += 3) {
    const few = [n, n + 1, n + 2].filter((one) => one < count)
    answers.push(...(await Promise.all(few.map(ask))))
  }
  return answers
}

/** Makes an account without a browser. */
export async function createAccount(site: Address, user = newUser()): Promise<Account> {
  const response = await postAuth(site, 'sign-up/email', user)
  expect(response.status, `${site.name}: sign-up of ${user.email}`).toBe(200)
  const cookies = response.headers.getSetCookie()
  const cookie = cookies.map((text) => text.split(';')[0]).join('; ')
  const headers = { cookie }
  const answer = await fetch(`${site.url}/api/auth/convex/token`, { headers })
  const { token } = (await answer.json()) as { token: string }
  return { ...user, cookie, token }
}

/** Puts an account's session into a browser. */
export async function useAccount(
  context: BrowserContext,
  site: Address,
  { cookie }: Pick<Account, 'cookie'>,
): Promise<void> {
  await context.addCookies(
    cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=')
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
      return { name, value, url: site.url, httpOnly: true }
    }),
  )
}

/** Waits until React listens: buttons are off before. */
export const hydrated = (page: Page) => page.locator('button:enabled').first().waitFor()

/** A new user, signed in, on the dashboard. */
export async function signedIn(visit: Visit, path = '/dashboard'): Promise<Account> {
  const account = await createAccount(visit.site)
  await useAccount(visit.context, visit.site, account)
  await visit.page.goto(path)
  await hydrated(visit.page)
  return account
}

/** Calls a function of the deployment directly, past the app. */
export async function callConvex(
  site: Site,
  kind: 'query' | 'mutation',
  path: string,
  args: object,
  token?: string,
): Promise<{ status: string; value?: unknown; errorData?: unknown }> {
  const response = await fetch(`${site.backend.url}/api/${kind}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ path, format: 'json', args: [args] }),
  })
  return (await response.json()) as { status: string }
}
