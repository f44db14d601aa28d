import { expect } from 'vitest'
import type { Suite } from '../../suite.ts'
import { createConfirmed, linkIn, mailTo, tokenIn, verify } from '../../support/mails.ts'
import { newUser, postAuth } from '../../support/people.ts'
import type { Visit } from '../../support/visit.ts'
import { alertOf } from '../account.ts'
import { method, newPerson, roundTrip, stayOffTheNet } from '../social.ts'
import { REFUSALS, signIn } from './addresses.ts'

/** A provider joins the account of the same address, if both have confirmed it. */
export function emailSocialChecks({ visit }: Suite): void {
  visit('a provider joins a confirmed account', joins)
  visit('a provider never joins an unconfirmed account, and its owner gets it', preRegistered)
  visit('who had the account before has no link to take it along', takenAlong)
  visit('a provider that did not confirm the address joins nothing', unconfirmedPerson)
}

async function joins(visit: Visit): Promise<void> {
  const { page, site, context, step } = visit
  await stayOffTheNet(context, site)
  const user = await createConfirmed(site)
  newPerson(site, { email: user.email })
  await step('the same account, by either way', async () => {
    await page.goto('/sign-in?redirect=/settings')
    await roundTrip(visit, 'github')
    await page.getByText(`You sign in with ${user.email}`).waitFor()
    await method(visit, 'github').getByRole('button', { name: 'Disconnect' }).waitFor()
    expect((await signIn(site, user)).status).toBe(200)
  })
}

/** An attacker makes an account with somebody's address, and waits for its owner. */
async function preRegistered(visit: Visit): Promise<void> {
  const { page, site, context, step } = visit
  visit.expectMessage(REFUSALS)
  await stayOffTheNet(context, site)
  const attacker = { ...newUser('Mallory'), password: 'the password of Mallory' }
  await postAuth(site, 'sign-up/email', attacker)
  const confirmation = await mailTo(site, attacker.email)
  newPerson(site, { email: attacker.email })
  await step('the owner comes by GitHub, and gets no account with a stranger in it', async () => {
    await page.goto('/sign-in')
    await roundTrip(visit, 'github')
    await page.waitForURL('**/sign-in?*error=*')
    expect(await alertOf(page)).not.toBe('')
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
  })
  await step('by the mail for a password it becomes theirs', async () => {
    await postAuth(site, 'request-password-reset', { email: attacker.email })
    await page.goto(linkIn(await mailTo(site, attacker.email, /new password/)))
    await page.getByLabel('New password').fill('a password of the owner')
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByRole('button', { name: 'Sign out', exact: true }).waitFor()
    expect((await signIn(site, attacker)).status).toBe(401)
  })
  await step('and the link that the attacker caused gives nobody a session', async () => {
    const response = await verify(site, tokenIn(confirmation))
    expect(response.status).toBe(400)
    expect(response.headers.getSetCookie().join()).not.toContain('session_token')
  })
}

/** The attacker's provider has not confirmed the address, whose owner then wants it. */
async function takenAlong(visit: Visit): Promise<void> {
  const { page, site, context, step } = visit
  visit.expectMessage(REFUSALS)
  visit.expectMessage(/ConvexError: Confirm your address first/)
  await stayOffTheNet(context, site)
  const { email } = newUser()
  const next = newUser().email
  newPerson(site, { email, unconfirmed: true })
  await step('a stranger asks for a link to another address', async () => {
    await page.goto('/sign-in?redirect=/settings')
    await roundTrip(visit, 'github')
    await page.getByLabel('New email').fill(next)
    await page.getByRole('button', { name: 'Change email' }).click()
    await page.getByText(`Open the link in the mail to ${next}`).waitFor()
  })
  await step('and sets no password that would work afterwards', async () => {
    const form = page.locator('form').filter({ hasText: 'Set password' })
    await form.getByLabel('New password').fill('a password of Mallory')
    await form.getByRole('button', { name: 'Set password' }).click()
    await page.getByText('Confirm your address first: sign out, and choose “Forgot').waitFor()
  })
  const link = tokenIn(await mailTo(site, next, /new address/))
  await step('the owner gets the account, and keeps it', async () => {
    await postAuth(site, 'request-password-reset', { email })
    const token = tokenIn(await mailTo(site, email, /new password/))
    const user = { email, password: 'a password of the owner' }
    await postAuth(site, 'reset-password', { token, newPassword: user.password })
    const answer = await verify(site, link)
    expect(answer.status).toBe(400)
    expect(answer.headers.getSetCookie().join()).not.toContain('session_token')
    expect((await signIn(site, user)).status).toBe(200)
  })
}

async function unconfirmedPerson(visit: Visit): Promise<void> {
  const { page, site, context, step } = visit
  await stayOffTheNet(context, site)
  const user = await createConfirmed(site)
  newPerson(site, { email: user.email, unconfirmed: true })
  await step('is refused', async () => {
    await page.goto('/sign-in')
    await roundTrip(visit, 'github')
    await page.waitForURL('**/sign-in?*error=*')
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
  })
}
