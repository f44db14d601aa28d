import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Suite } from '../../suite.ts'
import {
  confirmedIn,
  createConfirmed,
  linkIn,
  linksIn,
  mailsTo,
  mailTo,
  MINUTE,
  noMoreMails,
  pass,
  resendOf,
  sessionIn,
  tokenIn,
  verify,
} from '../../support/mails.ts'
import { PATIENCE_MS } from '../../support/patience.ts'
import { callConvex, newUser, postAuth, type User } from '../../support/people.ts'
import type { Site } from '../../support/site.ts'
import type { Visit } from '../../support/visit.ts'
import { alertOf, fillSignIn, fillSignUp } from '../account.ts'
import { load } from '../guard.ts'

const CONFIRM = /^Confirm your address/

/** Chromium's own line about an answer that refuses. */
export const REFUSALS =
  /^error: Failed to load resource: the server responded with a status of 4\d\d \([\w ]*\) \(\S+\/api\/auth\/\S+\)$/

/** An address is confirmed by its mail, and changed by one. */
export function addressChecks({ visit, check }: Suite): void {
  visit('sign up, and confirm on another device', confirmElsewhere)
  visit('a sign-in before the address is confirmed', signInUnconfirmed)
  visit('send again, and its limit', sendAgain)
  visit('a link that has run out, or is none', oldLink)
  visit('another address', anotherAddress)
  check('a link for another address ends with the account', goneAccount)
  check('who signed up first has no way in once the owner has confirmed', firstComer)
  check('no link leads elsewhere, whatever is asked', elsewhere)
}

/** A mail scanner: it asks for every link, and runs no script. */
export async function scan(link: string): Promise<void> {
  for (const method of ['GET', 'HEAD', 'GET']) {
    const response = await fetch(link, { method })
    expect(response.status, `${method} ${link}`).toBe(200)
  }
}

/** The page behind a link, in a browser that knows nothing of the site. */
export async function onAnotherDevice<T>(
  { context }: Pick<Visit, 'context'>,
  link: string,
  act: (page: Page, context: BrowserContext) => Promise<T>,
): Promise<T> {
  const other = await context.browser()?.newContext({ viewport: { width: 390, height: 800 } })
  if (!other) throw new Error('The browser is gone')
  other.setDefaultTimeout(PATIENCE_MS)
  try {
    const page = await other.newPage()
    await page.goto(link)
    return await act(page, other)
  } finally {
    await other.close()
  }
}

/** It is nowhere but in the address that was opened, and there for a moment. */
export function watchForToken(context: BrowserContext): { leaks: (token: string) => string[] } {
  const seen: string[] = []
  context.on('request', (request) => {
    const { referer = '' } = request.headers()
    if (!request.isNavigationRequest()) seen.push(request.url())
    seen.push(`${referer}, which ${new URL(request.url()).pathname} was told`)
  })
  context.on('console', (message) => seen.push(message.text()))
  return { leaks: (token) => seen.filter((one) => one.includes(token)) }
}

async function confirmElsewhere(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  visit.expectMessage(REFUSALS)
  const user = newUser()
  await step('sign-up leads to the inbox', async () => {
    await page.goto('/sign-up')
    await fillSignUp(page, user)
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor()
    await page.getByText(user.email).waitFor()
    expect(page.url()).toBe(`${site.url}/verify-email`)
    expect((await load(site, '/dashboard')).status).toBe(307)
    await page.reload()
    await page.getByText(user.email).waitFor()
    expect(await page.getByLabel('Email').inputValue()).toBe(user.email)
  })
  const mail = await mailTo(site, user.email, CONFIRM)
  await step('the mail leads to this site alone', async () => {
    expect(linksIn(mail).map((link) => new URL(link).origin)).toEqual([site.url])
    expect(mail.subject).not.toMatch(/[\r\n]/)
    expect(mail.html).toContain(linkIn(mail))
    expect(mail.html).not.toMatch(/<img|<script|<link|url\(/)
  })
  await step(
    'a scanner opens it first, with scripts and without, and nothing happens',
    async () => {
      await scan(linkIn(mail))
      await onAnotherDevice(visit, linkIn(mail), (other) =>
        other.locator('button:enabled', { hasText: 'Confirm address' }).waitFor(),
      )
      // What only the page may ask for.
      expect((await load(site, `/api/auth/verify-email?token=${tokenIn(mail)}`)).status).toBe(400)
      expect((await postAuth(site, 'sign-in/email', user)).status).toBe(403)
    },
  )
  await step('on another device it confirms and signs in', () =>
    onAnotherDevice(visit, linkIn(mail), async (other) => {
      await expect.poll(() => new URL(other.url()).search).toBe('')
      await other.reload()
      await other.getByRole('button', { name: 'Confirm address' }).click()
      await other.getByText(`Hello, ${user.name}`).waitFor()
    }),
  )
  await step('opened again, it says so', () =>
    onAnotherDevice(visit, linkIn(mail), async (other) => {
      await other.getByRole('button', { name: 'Confirm address' }).click()
      expect(await alertOf(other)).toMatch(/confirmed already: sign in/)
    }),
  )
  await step('here the password works now', async () => {
    await page.goto('/sign-in')
    await fillSignIn(page, user)
    await page.getByText(`Hello, ${user.name}`).waitFor()
  })
}

async function signInUnconfirmed(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  visit.expectMessage(REFUSALS)
  const user = newUser()
  await postAuth(site, 'sign-up/email', user)
  await mailTo(site, user.email, CONFIRM)
  await page.goto('/sign-in?redirect=/settings')
  await step('with a wrong password it says no more than elsewhere', async () => {
    await fillSignIn(page, { ...user, password: 'a wrong password' })
    expect(await alertOf(page)).toBe('Invalid email or password')
  })
  await step('with the right one it leads to the inbox, with another mail', async () => {
    await fillSignIn(page, user)
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor()
  })
  await step('and from there to the page that was asked for', async () => {
    const tab = await page.context().newPage()
    await tab.goto(linkIn(await mailTo(site, user.email, CONFIRM, 2)))
    await tab.getByRole('button', { name: 'Confirm address' }).click()
    await tab.getByText(`You sign in with ${user.email}`).waitFor()
    await tab.close()
  })
}

async function sendAgain(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  visit.expectMessage(REFUSALS)
  const user = newUser()
  await page.goto('/sign-up')
  await fillSignUp(page, user)
  const again = page.getByRole('button', { name: 'Send again' })
  const field = page.getByLabel('Email')
  await step('twice more', async () => {
    expect(await field.inputValue()).toBe(user.email)
    for (const count of [2, 3]) {
      await again.click()
      await page.getByText('another mail is on its way').waitFor()
      await mailTo(site, user.email, CONFIRM, count)
    }
  })
  await step('and then it says when', async () => {
    await again.click()
    expect(await alertOf(page)).toMatch(/too often.* in \d+ minutes?\./)
    await noMoreMails(site)
    expect(mailsTo(site, user.email)).toHaveLength(3)
    await pass(site, 10 * MINUTE)
    await again.click()
    // What was said before stands until there is an answer.
    await expect.poll(() => alertOf(page)).toMatch(/ in [1-5] minutes?\./)
    await noMoreMails(site)
    expect(mailsTo(site, user.email)).toHaveLength(3)
  })
  await step('by then it goes on', async () => {
    await pass(site, 5 * MINUTE)
    await again.click()
    await mailTo(site, user.email, CONFIRM, 4)
  })
  await step('for an address that is none, words for people', async () => {
    await field.fill('ada@localhost')
    await again.click()
    await page.getByRole('alert').getByText('Invalid email address').waitFor()
    expect(await alertOf(page)).toBe('Invalid email address')
  })
  await step('for an address that nobody has, the same words and no mail', async () => {
    const nobody = newUser()
    await field.fill(nobody.email)
    await again.click()
    await page.getByText('another mail is on its way').waitFor()
    await noMoreMails(site)
    expect(mailsTo(site, nobody.email)).toEqual([])
  })
}

async function oldLink(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  visit.expectMessage(REFUSALS)
  const user = newUser()
  await postAuth(site, 'sign-up/email', user)
  const mail = await mailTo(site, user.email, CONFIRM)
  const confirm = page.getByRole('button', { name: 'Confirm address' })
  const link = linkIn(mail)
  for (const wrong of [
    link.slice(0, -5),
    `${link}${tokenIn(mail)}`,
    `${site.url}/verify-email?token=x`,
  ]) {
    await step(`not ${wrong.slice(-20)}`, async () => {
      await page.goto(wrong)
      await confirm.click()
      expect(await alertOf(page)).toMatch(/not complete/)
    })
  }
  await step('after an hour', async () => {
    await pass(site, 61 * MINUTE)
    await page.goto(link)
    await confirm.click()
    expect(await alertOf(page)).toMatch(/run out/)
  })
  await step('from there another one is asked for', async () => {
    await page.getByLabel('Email').fill(user.email)
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.goto(linkIn(await mailTo(site, user.email, CONFIRM, 2)))
    await confirm.click()
    await page.getByText(`Hello, ${user.name}`).waitFor()
  })
}

async function anotherAddress(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  visit.expectMessage(REFUSALS)
  const user = await confirmedIn(visit, '/settings')
  const next = newUser('Ada King')
  const ask = async (email: string, password: string) => {
    await page.getByLabel('New email').fill(email)
    await sectionOf(page).getByLabel('Confirm with your password').fill(password)
    await page.getByRole('button', { name: 'Change email' }).click()
  }
  await step('not without the password', async () => {
    await ask(next.email, 'not the password')
    expect(await alertOf(page)).toBe('Invalid password')
  })
  await step('not with one that is none, in words for people', async () => {
    await ask('ada@localhost', user.password)
    expect(await alertOf(page)).toBe('Invalid email address')
  })
  await step('the new address gets the link, and until then the old one stays', async () => {
    await ask(next.email, user.password)
    await page.getByText(`Open the link in the mail to ${next.email}`).waitFor()
    await scan(linkIn(await mailTo(site, next.email, /new address/)))
    expect((await signIn(site, user)).status).toBe(200)
  })
  const mail = await mailTo(site, next.email, /new address/)
  await step('whoever opens it without being in the account does not get it', () =>
    onAnotherDevice(visit, linkIn(mail), async (other) => {
      await other.getByRole('heading', { name: 'Confirm your new address' }).waitFor()
      await other.getByRole('button', { name: 'Confirm address' }).click()
      expect(await alertOf(other)).toMatch(/^Sign in to the account/)
      await other.getByRole('main').getByRole('link', { name: 'Sign in' }).waitFor()
    }),
  )
  await step('opened in another tab, it makes the change, and the session goes on', async () => {
    const tab = await page.context().newPage()
    await tab.goto(linkIn(mail))
    await tab.getByRole('button', { name: 'Confirm address' }).click()
    await tab.getByText('Hello').waitFor()
    await tab.close()
    await page.getByText(`You sign in with ${next.email}`).waitFor()
    await page.reload()
    await page.getByText(`You sign in with ${next.email}`).waitFor()
    expect((await signIn(site, user)).status).toBe(401)
    expect((await signIn(site, { ...user, email: next.email })).status).toBe(200)
  })
  await step('the old one is told', async () => {
    const told = await mailTo(site, user.email, /was changed/)
    expect(told.text).toContain(next.email)
  })
  await step('an address that somebody has gets no link, and the page says the same', async () => {
    const taken = await createConfirmed(site)
    await ask(taken.email, user.password)
    await page.getByText(`Open the link in the mail to ${taken.email}`).waitFor()
    await noMoreMails(site)
    expect(mailsTo(site, taken.email, /new address/)).toEqual([])
    expect(mailsTo(site, taken.email, /^You have an account/)).toHaveLength(1)
  })
}

/** Who had an address before must not get the account of who has it now. */
async function goneAccount(site: Site): Promise<void> {
  const { email, password, ...before } = await createConfirmed(site)
  const next = newUser().email
  const fields = { newEmail: next, password }
  await callConvex(site, 'mutation', 'emailAddress:change', fields, before.token)
  const link = tokenIn(await mailTo(site, next, /new address/))
  expect((await postAuth(site, 'delete-user', { password }, before.cookie)).status).toBe(200)
  const owner = { ...newUser(), email }
  await postAuth(site, 'sign-up/email', owner)
  const confirmed = await verify(site, tokenIn(await mailTo(site, email, CONFIRM, 2)))
  const { cookie } = await sessionIn(site, confirmed)
  const answer = await verify(site, link, cookie)
  expect(answer.status).toBe(400)
  expect(answer.headers.getSetCookie().join()).not.toContain('session_token')
  expect((await signIn(site, owner)).status).toBe(200)
}

/** A stranger signs up with somebody's address, who then does so, too. */
async function firstComer(site: Site): Promise<void> {
  const stranger = { ...newUser(), password: 'the password of a stranger' }
  const owner = { ...stranger, password: 'the password of the owner' }
  await postAuth(site, 'sign-up/email', stranger)
  await postAuth(site, 'sign-up/email', owner)
  // Until somebody proves that the address is theirs, nothing is taken from the other.
  expect((await signIn(site, stranger)).status).toBe(403)
  // Whichever link the owner finds first in the inbox.
  const answer = await verify(site, tokenIn(await mailTo(site, owner.email, CONFIRM)))
  expect(answer.status).toBe(200)
  expect((await signIn(site, stranger)).status).toBe(401)
  const told = await mailTo(site, owner.email, /has no password/)
  expect(linksIn(told)).toEqual([`${site.url}/forgot-password`])
}

const ELSEWHERE = [
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/%5cevil.example',
  'javascript:alert("evil")',
  'https://localhost@evil.example',
]

/** Through the app, and past it. */
async function elsewhere(site: Site): Promise<void> {
  const { email, password, cookie } = await createConfirmed(site)
  await pass(site, 15 * MINUTE)
  const before = resendOf(site).mails.length
  for (const url of [site.url, site.backend.siteUrl]) {
    const at = { name: site.name, url }
    for (const evil of ELSEWHERE) {
      const target = { callbackURL: evil, redirectTo: evil, errorCallbackURL: evil }
      const query = new URLSearchParams({ token: 'x', callbackURL: evil })
      const headers = { 'x-confirm': 'true', origin: site.url }
      const ask = (path: string) =>
        fetch(`${url}/api/auth/${path}?${query}`, { headers, redirect: 'manual' })
      const post = (path: string, body: object, who = '') =>
        postAuth(at, path, { ...target, ...body }, who)
      const answers = [
        await ask('verify-email'),
        await ask('reset-password/x'),
        await post('sign-up/email', { ...newUser(), role: 'admin', emailVerified: true }),
        await post('sign-in/email', { email, password }),
        await post('request-password-reset', { email }),
        await post('send-verification-email', { email }),
        await post('change-email', { newEmail: newUser().email }, cookie),
        await post('delete-user', { password: 'a wrong password' }, cookie),
      ]
      for (const answer of answers) {
        expect(answer.status, `${answer.url} ${evil}`).toBeGreaterThanOrEqual(400)
        expect(answer.status, `${answer.url} ${evil}`).toBeLessThan(500)
        expect(answer.headers.get('location'), answer.url).toBeNull()
        expect(answer.headers.getSetCookie().join(), answer.url).not.toContain('session_token')
      }
    }
  }
  await noMoreMails(site)
  for (const { text, html } of resendOf(site).mails.slice(before)) {
    expect(text + html).not.toContain('evil')
  }
}

const sectionOf = (page: Page) =>
  page.locator('form').filter({ has: page.getByRole('button', { name: 'Change email' }) })

export const signIn = (site: Site, { email, password }: Pick<User, 'email' | 'password'>) =>
  postAuth(site, 'sign-in/email', { email, password })
