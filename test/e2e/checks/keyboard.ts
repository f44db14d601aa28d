import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Suite } from '../suite.ts'
import { hydrated, newUser, signedIn, type User } from '../support/people.ts'
import type { Visit } from '../support/visit.ts'
import { REFUSED } from './account.ts'

/** Every form, without a mouse. */
export function keyboardChecks({ visit }: Suite): void {
  visit('by keyboard: sign up, sign out, sign in', accountByKeyboard)
  visit('by keyboard: a refused sign-in, and again', refusedByKeyboard)
  visit('by keyboard: tasks', tasksByKeyboard)
  visit('by keyboard: change the password', passwordByKeyboard)
}

async function accountByKeyboard({ page, step }: Visit): Promise<void> {
  const user = newUser()
  await step('sign up', async () => {
    await page.goto('/')
    await page.waitForLoadState('networkidle')
    await press(page, page.getByRole('main').getByText('Create account'))
    await page.waitForURL('**/sign-up')
    await hydrated(page)
    await type(page, page.getByLabel('Name'), user.name)
    await typeCredentials(page, user)
    await page.waitForURL('**/dashboard')
    await hydrated(page)
  })
  await step('sign out', async () => {
    await press(page, page.getByRole('button', { name: 'Sign out' }))
    await page.waitForURL('**/sign-in?*')
    await hydrated(page)
  })
  await step('sign in', async () => {
    await typeCredentials(page, user)
    await page.getByText(`Hello, ${user.name}`).waitFor()
  })
}

async function refusedByKeyboard({ page, step, expectMessage }: Visit): Promise<void> {
  expectMessage(REFUSED)
  const { email, password } = newUser()
  await page.goto('/sign-in')
  await hydrated(page)
  await type(page, page.getByLabel('Email'), email)
  await type(page, page.getByLabel('Password'), password)
  const button = page.getByRole('button', { name: 'Sign in', exact: true })
  await step('refused', async () => {
    await press(page, button)
    await page.getByRole('alert').waitFor()
  })
  await step('the button has the focus, and sends it again', async () => {
    await expect
      .poll(() => button.evaluate((node) => node === node.ownerDocument.activeElement))
      .toBe(true)
    const again = page.waitForResponse('**/sign-in/email')
    await page.keyboard.press('Enter')
    expect((await again).status()).toBe(401)
  })
}

async function typeCredentials(page: Page, user: User): Promise<void> {
  await type(page, page.getByLabel('Email'), user.email)
  await type(page, page.getByLabel('Password'), user.password)
  await page.keyboard.press('Enter')
}

async function tasksByKeyboard(visit: Visit): Promise<void> {
  const { page, step } = visit
  await signedIn(visit)
  const box = page.getByRole('checkbox', { name: 'Buy milk' })
  await step('add', async () => {
    await type(page, page.getByLabel('New task'), 'Buy milk')
    await page.keyboard.press('Enter')
    await box.waitFor()
  })
  await step('do', async () => {
    await press(page, box, 'Space')
    await page.getByRole('checkbox', { checked: true }).waitFor()
  })
  await step('delete', async () => {
    await press(page, page.getByRole('button', { name: 'Delete' }))
    await page.getByText('No tasks yet').waitFor()
  })
}

async function passwordByKeyboard(visit: Visit): Promise<void> {
  const { page, step } = visit
  const user = await signedIn(visit, '/settings')
  await step('change it', async () => {
    await type(page, page.getByLabel('Current password'), user.password)
    await type(page, page.getByLabel('New password'), 'a brand new password')
    await press(page, page.getByRole('button', { name: 'Change password' }))
    await page.getByText('Your password is changed').waitFor()
  })
}

async function type(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field)
  await page.keyboard.type(text)
}

async function press(page: Page, target: Locator, key = 'Enter') {
  await tabTo(page, target)
  await page.keyboard.press(key)
}

/** Goes to an element with the Tab key, and sees that it shows the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  await expect.poll(() => target.isEnabled()).toBe(true)
  for (let count = 0; count < 30; count += 1) {
    if (await target.evaluate((node) => node === node.ownerDocument.activeElement)) {
      return expectFocusRing(target)
    }
    await page.keyboard.press('Tab')
  }
  throw new Error(`The Tab key does not reach ${String(target)}`)
}

async function expectFocusRing(target: Locator): Promise<void> {
  const { outline, boxShadow } = await target.evaluate((node) => {
    const style = node.ownerDocument.defaultView?.getComputedStyle(node)
    return {
      outline: style?.outlineStyle === 'none' ? '0px' : style?.outlineWidth,
      boxShadow: style?.boxShadow,
    }
  })
  expect(outline !== '0px' || boxShadow !== 'none').toBe(true)
}
