import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Suite } from '../suite.ts'
import { hydrated, newUser, postAuth, signedIn, type User } from '../support/people.ts'
import type { Visit } from '../support/visit.ts'
import { load } from './guard.ts'

/** Chromium's own line about an answer of Better Auth that refuses. */
export const REFUSED =
  /^error: Failed to load resource: the server responded with a status of (?:400|401) \([\w ]*\) \(\S+\/api\/auth\/\S+\)$/

export const fillSignIn = async (
  page: Page,
  { email, password }: Pick<User, 'email' | 'password'>,
) => {
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

export const fillSignUp = async (page: Page, user: User) => {
  await page.getByLabel('Name').fill(user.name)
  await page.getByLabel('Email').fill(user.email)
  await page.getByLabel('Password').fill(user.password)
  await page.getByRole('button', { name: 'Create account' }).click()
}

/** A password that a field must not cut. */
export const TOO_LONG = 'x'.repeat(129)

const signOut = (page: Page) => page.getByRole('button', { name: 'Sign out', exact: true }).click()

const sees = (page: Page, text: string) => page.getByText(text).waitFor()

/** The text of the alert. */
export const alertOf = (page: Page) => page.getByRole('alert').innerText()

const borderOf = (field: Locator) =>
  field.evaluate((node) => node.ownerDocument.defaultView?.getComputedStyle(node).borderColor)

/** The only alert is under this field, which has the focus, is described by it, and alone is red. */
export async function expectErrorAt(page: Page, field: Locator): Promise<void> {
  const alert = page.getByRole('alert')
  expect(await alert.innerText()).not.toBe('')
  const [id, described, invalid, focused] = await Promise.all([
    alert.getAttribute('id'),
    field.getAttribute('aria-describedby'),
    field.getAttribute('aria-invalid'),
    field.evaluate((node) => node === node.ownerDocument.activeElement),
  ])
  expect({ described, invalid, focused }).toEqual({ described: id, invalid: 'true', focused: true })
  const [above, below] = [await field.boundingBox(), await alert.boundingBox()]
  expect(below?.y).toBeGreaterThan(above?.y ?? Infinity)
  const others = page.locator('input:not([type=checkbox]):not([aria-invalid=true])')
  await expect
    .poll(async () => {
      const colour = await borderOf(field)
      return (await Promise.all((await others.all()).map(borderOf))).includes(colour)
    })
    .toBe(false)
}

/** The way in and out, once. */
export function walkCheck({ visit }: Suite): void {
  visit('sign up, reload, sign out, sign in', walkThrough)
}

/** Accounts and sessions, as a user sees them. */
export function accountChecks({ visit }: Suite): void {
  visit('a wrong password is refused', wrongPassword)
  visit('an address has one account', sameAddress)
  visit('change the password', changePassword)
  visit('sign out in one tab, and the other follows', signOutEverywhere)
  visit('the next user starts afresh', nextUser)
  visit('after the sign-in, Back shows nothing of before', backFromSignIn)
  visit('sign out other devices', otherDevices)
}

async function walkThrough({ page, step }: Visit): Promise<void> {
  const user = newUser()
  await step('the guard sends to sign in, and on to sign up', async () => {
    await page.goto('/settings')
    await page.waitForURL('**/sign-in?redirect=%2Fsettings')
    await page.getByRole('link', { name: 'Create one' }).click()
  })
  await step('sign up comes back to the page', async () => {
    await fillSignUp(page, user)
    await page.waitForURL('**/settings')
    await sees(page, 'This device')
  })
  await step('the dashboard greets', async () => {
    await page.getByRole('link', { name: 'Dashboard' }).click()
    await sees(page, `Hello, ${user.name}`)
    await sees(page, user.email)
  })
  await step('reload', async () => {
    await page.reload()
    await sees(page, `Hello, ${user.name}`)
  })
  await step('sign out', async () => {
    await signOut(page)
    await page.waitForURL('**/sign-in?redirect=%2Fdashboard')
    await page.goto('/')
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).waitFor()
  })
  await step('sign in', async () => {
    await page.goto('/sign-in')
    await fillSignIn(page, user)
    await page.waitForURL('**/dashboard')
    await sees(page, `Hello, ${user.name}`)
  })
}

async function wrongPassword({ page, site, step, expectMessage }: Visit) {
  const user = newUser()
  await postAuth(site, 'sign-up/email', user)
  expectMessage(REFUSED)
  await page.goto('/sign-in')
  for (const wrong of [
    { ...user, password: 'wrong password' },
    { ...user, email: newUser().email },
  ]) {
    await step('the same answer, whatever was wrong', async () => {
      await fillSignIn(page, wrong)
      expect(await alertOf(page)).toBe('Invalid email or password')
      expect(new URL(page.url()).pathname).toBe('/sign-in')
    })
  }
  await step('the right one works at once', async () => {
    await fillSignIn(page, user)
    await page.waitForURL('**/dashboard')
  })
}

async function sameAddress({ page, site, step, expectMessage }: Visit) {
  const user = newUser()
  await postAuth(site, 'sign-up/email', user)
  expectMessage(
    /^error: Failed to load resource: the server responded with a status of 422 \([\w ]*\) \(\S+\/api\/auth\/sign-up\/email\)$/,
  )
  await page.goto('/sign-up')
  await step('a second account is refused', async () => {
    await fillSignUp(page, { ...user, password: 'another password' })
    expect(await alertOf(page)).toMatch(/already exists/)
  })
}

async function changePassword(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  const user = await signedIn(visit, '/settings')
  const newPassword = 'a brand new password'
  const change = async (current: string, chosen = newPassword) => {
    await page.getByLabel('Current password').fill(current)
    await page.getByLabel('New password').fill(chosen)
    await page.getByRole('button', { name: 'Change password' }).click()
  }
  await step('not without the current one', async () => {
    await change('not the password')
    expect(await alertOf(page)).toBe('Invalid password')
    await expectErrorAt(page, page.getByLabel('Current password'))
  })
  await step('not to one that is too long', async () => {
    await change(user.password, TOO_LONG)
    await page.getByText('Password too long').waitFor()
    await expectErrorAt(page, page.getByLabel('New password'))
  })
  await step('with the current one', async () => {
    await change(user.password)
    await sees(page, 'Your password is changed')
  })
  await step('still signed in', async () => {
    await page.reload()
    await sees(page, 'This device')
  })
  await step('the old one is dead, the new one works', async () => {
    const signIn = (password: string) =>
      postAuth(site, 'sign-in/email', { email: user.email, password })
    expect((await signIn(user.password)).status).toBe(401)
    expect((await signIn(newPassword)).status).toBe(200)
  })
}

async function signOutEverywhere(visit: Visit): Promise<void> {
  const { page, context, step } = visit
  await signedIn(visit)
  await sees(page, 'Hello')
  const other = await context.newPage()
  const third = await context.newPage()
  await step('two more tabs', async () => {
    await other.goto('/settings')
    await hydrated(other)
    await third.goto('/')
    await hydrated(third)
    await third.getByRole('banner').getByText('Dashboard').waitFor()
  })
  await step('all of them follow', async () => {
    await page.bringToFront()
    await signOut(page)
    await page.waitForURL('**/sign-in?*')
    await other.waitForURL('**/sign-in?redirect=%2Fsettings')
    await third.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor()
  })
}

/** `expectAuth` holds queries back until the first token only: a sign-out must start afresh. */
async function nextUser(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  const second = newUser('Alan Turing')
  await postAuth(site, 'sign-up/email', second)
  await signedIn(visit)
  await sees(page, 'Hello, Ada')
  await step('sign out leaves nothing of the page behind', async () => {
    await page.evaluate('window.left = "behind"')
    await signOut(page)
    await page.waitForURL('**/sign-in?*')
    // By then a page that navigates without a load would still have it.
    await page.getByLabel('Email').fill(second.email)
    expect(await page.evaluate('window.left')).toBeUndefined()
  })
  await step('somebody else signs in', async () => {
    await fillSignIn(page, second)
    await sees(page, 'Hello, Alan Turing')
    await page.getByRole('link', { name: 'Settings' }).click()
    await sees(page, 'This device')
  })
}

async function backFromSignIn(visit: Visit): Promise<void> {
  const { page, context, site, step } = visit
  const user = newUser()
  await postAuth(site, 'sign-up/email', user)
  const other = await context.newPage()
  await page.goto('/')
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).waitFor()
  await page.goto('/sign-in')
  await fillSignIn(page, user)
  await sees(page, `Hello, ${user.name}`)
  await step('typing in another tab', async () => {
    await other.goto('/dashboard')
    await hydrated(other)
    await other.getByLabel('New task').fill('Buy milk')
    await page.bringToFront()
  })
  await step('back to the form, which leads on', async () => {
    await page.goBack()
    await page.waitForURL('**/dashboard')
    await sees(page, `Hello, ${user.name}`)
  })
  await step('and back to the page before it', async () => {
    await page.goBack()
    await page.waitForURL(`${site.url}/`)
    await hydrated(page)
    expect(await page.getByText('Sign in').count()).toBe(0)
  })
  await step('the other tab has what was typed', async () => {
    await other.getByRole('button', { name: 'Add' }).click()
    await other.getByRole('checkbox', { name: 'Buy milk', disabled: false }).waitFor()
  })
}

async function otherDevices(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  const user = await signedIn(visit, '/settings')
  const button = page.getByRole('button', { name: 'Sign out other devices' })
  await sees(page, 'This device')
  expect(await button.isDisabled()).toBe(true)
  const elsewhere = await postAuth(site, 'sign-in/email', user)
  const cookie = elsewhere.headers.getSetCookie().join('; ')
  await step('another session appears without a reload', async () => {
    await sees(page, 'Signed in on')
    expect((await load(site, '/dashboard', cookie)).status).toBe(200)
  })
  await step('and ends', async () => {
    await button.click()
    await page.getByText('Signed in on').waitFor({ state: 'detached' })
    expect((await load(site, '/dashboard', cookie)).status).toBe(307)
    await page.reload()
    await sees(page, 'This device')
  })
}
