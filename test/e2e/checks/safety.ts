import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'dotenv'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Suite } from '../suite.ts'
import { createAccount, newUser, postAuth, signedIn, useAccount } from '../support/people.ts'
import { REGISTRATION, type Site } from '../support/site.ts'
import type { Visit } from '../support/visit.ts'
import { alertOf, expectErrorAt, fillSignIn, fillSignUp, REFUSED } from './account.ts'
import { load } from './guard.ts'

const WRONG = 'not the password'
const TOO_MANY = /^Too many attempts\. Try again in \d+ minutes?\.$/

/** They name the origins of the chosen providers' images. */
export function headerCheck({ check, mode }: Suite): void {
  check('every answer has its headers', (site) => headers(site, mode === 'production'))
}

/** What the server in front of the app could change. */
export function serverChecks({ visit }: Suite): void {
  visit('a server function answers its own site only', serverFunction)
  visit('the policy stops a script that was put in', injectedScript)
}

/** What somebody with bad intentions finds. It uses up sign-ins of this address: it comes late. */
export function safetyChecks({ check, visit }: Suite): void {
  check('cookies are out of the reach of scripts and of other sites', cookies)
  check('a request of another site is refused', foreignRequests)
  check('nothing secret is in the bundle', bundle)
  check('a session leads to the tokens of no other', otherTokens)
  visit('too many wrong passwords', tooManyAttempts)
  check('neither a header nor the way past the app resets the limit', pastTheApp)
  visit('a session that ends elsewhere ends here', endedElsewhere)
  visit('one session is ended by itself', endOneSession)
  visit('a changed password signs other devices out', changeSignsOut)
  visit('back after the sign-out shows nothing', backButton)
  visit('two tabs never show two users', twoUsers)
  visit('an account is deleted', deletion)
  visit('names of every script, and too long ones', names)
  visit('a clock that is an hour off', wrongClock)
}

async function headers(site: Site, production: boolean): Promise<void> {
  const { cookie } = await createAccount(site)
  const nonces = new Set<string>()
  for (const path of ['/', '/sign-in', '/no/such/page', '/dashboard', '/api/auth/get-session']) {
    for (const user of ['', cookie]) {
      const { headers } = await load(site, path, user)
      const policy = headers.get('content-security-policy') ?? ''
      nonces.add(/script-src 'self' 'nonce-([\w-]{20,})'(?:;|$)/.exec(policy)?.[1] ?? '')
      expect(policy, path).toContain("frame-ancestors 'none'")
      expect(policy.split("'unsafe-inline'"), path).toHaveLength(2)
      expect(policy).not.toContain('unsafe-eval')
      const images = /img-src ([^;]+)/.exec(policy)?.[1]?.split(' ')
      expect(images).toEqual(expect.arrayContaining(imagesOf(site)))
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('referrer-policy'), path).toBe('strict-origin-when-cross-origin')
      expect(headers.get('strict-transport-security'), path).toBeNull()
      if (user !== '') expect(headers.get('cache-control'), path).toContain('no-store')
    }
  }
  expect(nonces.size).toBe(10)
  const https = await fetch(site.url, { headers: { 'x-forwarded-proto': 'https' } })
  // The domain, and what else is on it, is the owner's.
  expect(https.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}$/)
  if (!production) return
  const file = await load(site, '/favicon.svg')
  expect(file.headers.get('x-content-type-options')).toBe('nosniff')
}

/** Files that the app stores, and the pictures of who signs in. */
const imagesOf = ({ backend, combination }: Site) => [
  "'self'",
  'blob:',
  'data:',
  backend.url,
  backend.siteUrl,
  ...combination.providers.map((provider) => AVATARS[provider]),
]

const AVATARS: Record<string, string> = {
  github: 'https://avatars.githubusercontent.com',
  google: 'https://lh3.googleusercontent.com',
}

async function cookies(site: Site): Promise<void> {
  const response = await postAuth(site, 'sign-up/email', newUser())
  const set = response.headers.getSetCookie()
  expect(set.length).toBeGreaterThan(1)
  for (const cookie of set) expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/)
}

const EVIL = { origin: 'https://evil.example' }

async function foreignRequests(site: Site): Promise<void> {
  const { cookie, email, password } = await createAccount(site)
  const post = (url: string, body: object, from: object) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, ...from },
      body: JSON.stringify(body),
    })
  for (const base of [site.url, site.backend.siteUrl]) {
    const refused = await post(`${base}/api/auth/sign-out`, {}, EVIL)
    expect(refused.status, base).toBe(403)
  }
  const target = { email, password, callbackURL: 'https://evil.example/' }
  const signIn = await post(`${site.url}/api/auth/sign-in/email`, target, { origin: site.url })
  expect(signIn.status).toBe(403)
}

/** A server function takes its own site's calls, of the right shape, and no others. */
async function serverFunction(visit: Visit): Promise<void> {
  const { page, step, expectMessage } = visit
  expectMessage(REFUSED)
  const { cookie } = await signedIn(visit, '/settings')
  const sent = page.waitForRequest(/\/_serverFn\//)
  await changePassword(page, WRONG)
  const request = await sent
  const { 'x-tsr-serverfn': marker = 'true', 'content-type': type = '' } = request.headers()
  const call = (from: Record<string, string>, body = request.postData() ?? '') =>
    fetch(request.url(), {
      method: 'POST',
      headers: { 'content-type': type, 'x-tsr-serverfn': marker, cookie, ...from },
      body,
    })
  await step('its own site', async () => {
    expect((await call({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })
  // A browser that is too old for Sec-Fetch-Site.
  const tls = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example' }
  await step('its own site, behind a proxy that speaks TLS', async () => {
    const { host } = new URL(visit.site.url)
    const own = { 'x-forwarded-proto': 'https', origin: `https://${host}` }
    expect((await call(own)).status).toBe(200)
    expect((await call({ ...tls, origin: 'https://app.example' })).status).toBe(200)
    expect((await call({ ...tls, referer: 'https://app.example/settings' })).status).toBe(200)
  })
  for (const from of [
    EVIL,
    { ...EVIL, ...tls },
    { ...tls, origin: 'http://app.example' },
    { ...tls, origin: 'null' },
    { ...tls, referer: 'https://app.example.evil.example/' },
    {},
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]) {
    await step(JSON.stringify(from), async () => expect((await call(from)).status).toBe(403))
  }
  await step('other data', async () => {
    const response = await call({ 'sec-fetch-site': 'same-origin' }, '{}')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toMatch(/\.tsx?:\d|node_modules/)
  })
}

const changePassword = async (page: Page, current: string) => {
  await page.getByLabel('Current password').fill(current)
  await page.getByLabel('New password').fill('a brand new password')
  await page.getByRole('button', { name: 'Change password' }).click()
}

async function bundle({ appDir }: Site): Promise<void> {
  const { BETTER_AUTH_SECRET = '' } = parse(readFileSync(join(appDir, '.env.convex')))
  expect(BETTER_AUTH_SECRET).toMatch(/^\w{32,}$/)
  const secrets = [BETTER_AUTH_SECRET, REGISTRATION.clientSecret]
  for (const path of readdirSync(join(appDir, '.output/public'), {
    recursive: true,
    encoding: 'utf8',
  })) {
    if (!/\.\w+$/.test(path)) continue
    const text = readFileSync(join(appDir, '.output/public', path), 'utf8')
    for (const secret of secrets) expect(text.includes(secret), path).toBe(false)
  }
}

async function otherTokens(site: Site): Promise<void> {
  const { cookie } = await createAccount(site)
  for (const base of [site.url, site.backend.siteUrl]) {
    const { status } = await fetch(`${base}/api/auth/list-sessions`, { headers: { cookie } })
    expect(status, base).toBe(404)
  }
}

async function injectedScript({ page, step, expectMessage }: Visit): Promise<void> {
  expectMessage(/^error: Executing inline script violates/)
  await step('an element and an attribute', async () => {
    await page.goto('/')
    await page.evaluate(`
      const script = document.createElement('script')
      script.textContent = 'window.injected = 1'
      document.body.append(script)`)
    expect(await page.evaluate('window.injected')).toBeUndefined()
  })
}

const TOO_MANY_LINE = /^error: Failed to load resource: the server responded with a status of 429 /

async function tooManyAttempts({ page, site, step, expectMessage }: Visit): Promise<void> {
  expectMessage(TOO_MANY_LINE)
  expectMessage(REFUSED)
  const known = await createAccount(site)
  const nobody = newUser()
  for (const { email } of [known, nobody]) {
    const wrong = () => postAuth(site, 'sign-in/email', { email, password: WRONG })
    for (let attempt = 1; attempt <= 10; attempt += 1) expect((await wrong()).status).toBe(401)
    await step('with an account or without, the form says when to come back', async () => {
      await page.goto('/sign-in')
      await fillSignIn(page, { email, password: known.password })
      expect(await alertOf(page)).toMatch(TOO_MANY)
    })
  }
  await step('where the owner has signed in before, the right password works', async () => {
    const { email, password } = known
    const device = known.cookie.split('; ').filter((cookie) => cookie.includes('known_device'))
    const response = await postAuth(site, 'sign-in/email', { email, password }, device.join())
    expect(response.status).toBe(200)
  })
}

async function pastTheApp(site: Site): Promise<void> {
  const { email, password } = await createAccount(site)
  const signIn = (attempt: number, guess: string) =>
    fetch(`${site.backend.siteUrl}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: site.url,
        'x-forwarded-for': `203.0.113.${attempt}`,
      },
      body: JSON.stringify({ email, password: guess }),
    })
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    expect((await signIn(attempt, WRONG)).status).toBe(401)
  }
  expect((await signIn(11, password)).status).toBe(429)
}

async function endedElsewhere(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  visit.expectMessage(REFUSED)
  const user = await signedIn(visit)
  await page.getByText('Hello').waitFor()
  const elsewhere = await postAuth(site, 'sign-in/email', user)
  const cookie = elsewhere.headers.getSetCookie().join('; ')
  await step('the open page goes to sign in', async () => {
    expect((await postAuth(site, 'revoke-other-sessions', {}, cookie)).status).toBe(200)
    await page.waitForURL('**/sign-in?redirect=%2Fdashboard')
  })
}

async function endOneSession(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  const user = await signedIn(visit, '/settings')
  const cookies: string[] = []
  for (let device = 1; device <= 2; device += 1) {
    const response = await postAuth(site, 'sign-in/email', user)
    cookies.push(response.headers.getSetCookie().join('; '))
  }
  const status = async () => {
    const answers = cookies.map((cookie) => load(site, '/dashboard', cookie))
    return (await Promise.all(answers)).map((answer) => answer.status).sort()
  }
  await step('one of two', async () => {
    const others = page.getByRole('listitem').filter({ hasText: 'Signed in on' })
    await expect.poll(() => others.count()).toBe(2)
    await others
      .first()
      .getByRole('button', { name: /^End session: / })
      .click()
    await expect.poll(() => others.count()).toBe(1)
    expect(await status()).toEqual([200, 307])
  })
  await step('this one', async () => {
    const own = page.getByRole('listitem').filter({ hasText: 'This device' })
    await own.getByRole('button', { name: /^End session/ }).click()
    await page.waitForURL('**/sign-in?redirect=%2Fsettings')
  })
}

async function changeSignsOut(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  const user = await signedIn(visit, '/settings')
  const elsewhere = await postAuth(site, 'sign-in/email', user)
  const cookie = elsewhere.headers.getSetCookie().join('; ')
  await step('when it is asked to', async () => {
    await page.getByRole('checkbox', { name: 'Sign out other devices' }).check()
    await changePassword(page, user.password)
    await page.getByText('Your password is changed').waitFor()
    expect((await load(site, '/dashboard', cookie)).status).toBe(307)
    await page.reload()
    await page.getByText('This device').waitFor()
  })
}

async function backButton(visit: Visit): Promise<void> {
  const { page, step, expectMessage } = visit
  expectMessage(REFUSED)
  const { email } = await signedIn(visit)
  await page.goto('/settings')
  await page.goto('/dashboard')
  await page.getByText(email).waitFor()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.waitForURL('**/sign-in?*')
  await step('back, and back again', async () => {
    for (let back = 1; back <= 2; back += 1) {
      await page.goBack()
      await page.getByLabel('Email').waitFor()
      expect(await page.content()).not.toContain(email)
    }
  })
}

async function twoUsers(visit: Visit): Promise<void> {
  const { page, context, site, step } = visit
  await signedIn(visit)
  await page.getByText('Hello, Ada').waitFor()
  const second = await createAccount(site, newUser('Alan Turing'))
  const other = await context.newPage()
  await step('another tab has another user, and the first one follows', async () => {
    await useAccount(context, site, second)
    await other.goto('/dashboard')
    await other.getByText('Hello, Alan').waitFor()
    await page.getByText('Hello, Alan').waitFor()
  })
}

async function deletion(visit: Visit): Promise<void> {
  const { page, site, step, expectMessage } = visit
  expectMessage(REFUSED)
  const user = await signedIn(visit, '/settings')
  const button = page.getByRole('button', { name: 'Delete account' })
  const sure = page.getByRole('checkbox', { name: 'Delete it with all' })
  await step('not by one click', async () => {
    await button.click()
    await page.getByRole('alert').waitFor()
    expect(await sure.evaluate((node) => node === node.ownerDocument.activeElement)).toBe(true)
  })
  await step('not without the password', async () => {
    await sure.check()
    await button.click()
    await page.getByText('Confirm with your password.').waitFor()
    await expectErrorAt(page, page.getByLabel('Confirm with your password'))
  })
  await step('it lands on the home page, signed out', async () => {
    await page.getByLabel('Confirm with your password').fill(user.password)
    await button.click()
    await page.waitForURL(`${site.url}/`)
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).waitFor()
  })
  expect((await postAuth(site, 'sign-in/email', user)).status).toBe(401)
}

async function names({ page, context, site, step, expectMessage }: Visit): Promise<void> {
  expectMessage(REFUSED)
  for (const name of ['👩‍💻 Zoë', 'محمد بن عبد الله', '王'.repeat(100)]) {
    await step(name.slice(0, 20), async () => {
      const user = newUser(name)
      const email = `Some.One+${crypto.randomUUID()}@Example.com`
      await page.goto('/sign-up')
      await fillSignUp(page, { ...user, email })
      await page.getByText(`Hello, ${name}`).waitFor()
      await page.getByText(email.toLowerCase()).waitFor()
      await context.clearCookies()
    })
  }
  await step('10,000 characters', async () => {
    const response = await postAuth(site, 'sign-up/email', newUser('x'.repeat(10_000)))
    expect(response.status).toBe(400)
  })
}

async function wrongClock(visit: Visit): Promise<void> {
  const { page, step } = visit
  for (const hours of [-1, 1]) {
    await step(`${hours} h`, async () => {
      await page.clock.setSystemTime(Date.now() + hours * 3_600_000)
      await signedIn(visit)
      await page.getByLabel('New task').fill(`at ${hours} h`)
      await page.getByRole('button', { name: 'Add' }).click()
      await page.getByRole('checkbox', { name: `at ${hours} h` }).waitFor()
    })
  }
}
