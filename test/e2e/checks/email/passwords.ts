import { expect } from 'vitest'
import type { Suite } from '../../suite.ts'
import {
  confirmedIn,
  createConfirmed,
  linkIn,
  linksIn,
  mailTo,
  MINUTE,
  pass,
  tokenIn,
} from '../../support/mails.ts'
import { newUser, postAuth, threeAtATime } from '../../support/people.ts'
import type { Site } from '../../support/site.ts'
import type { Visit } from '../../support/visit.ts'
import { alertOf, expectErrorAt, TOO_LONG } from '../account.ts'
import { load } from '../guard.ts'
import { onAnotherDevice, REFUSALS, scan, signIn, watchForToken } from './addresses.ts'

const RESET = /^Set a new password/
const NEW = 'a brand new password'

/** A forgotten password is set anew by a mail. */
export function passwordChecks({ visit, check }: Suite): void {
  visit('a forgotten password', forgotten)
  visit('a link for a password that has run out, or is none', oldLink)
  visit('who changed the password is asked by mail', changed)
  check('a token is good for its own purpose, its own user, and once', tokens)
}

async function forgotten(visit: Visit): Promise<void> {
  const { page, context, site, step } = visit
  visit.expectMessage(REFUSALS)
  const user = await createConfirmed(site)
  const watch = watchForToken(context)
  const answers: string[] = []
  await step('from the sign-in, the same words for every address', async () => {
    for (const { email } of [newUser(), user]) {
      await page.goto('/sign-in?redirect=/settings')
      await page.getByRole('link', { name: 'Forgot password?' }).click()
      // The sign-in, which stays until then, asks for an e-mail address, too.
      await page.getByRole('heading', { name: 'Forgot password' }).waitFor()
      await page.getByLabel('Email').fill(email)
      await page.getByRole('button', { name: 'Send link' }).click()
      await page.getByText('If there is an account').waitFor()
      answers.push((await page.locator('main').innerText()).replaceAll(email, ''))
    }
    expect(answers[0]).toBe(answers[1])
  })
  const mail = await mailTo(site, user.email, RESET)
  await step('a scanner opens the link first', () => scan(linkIn(mail)))
  await step('the page sets another one, signs in, and goes to where they came for', async () => {
    await page.goto(linkIn(mail))
    await expect.poll(() => new URL(page.url()).search).toBe('')
    // As the app does by itself when another tab signs in.
    await page.reload()
    await page.getByLabel('New password').fill('short')
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.locator('[aria-invalid=true]').waitFor()
    expect(new URL(page.url()).search).toBe('')
    await page.getByLabel('New password').fill(TOO_LONG)
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByText('Password too long').waitFor()
    await expectErrorAt(page, page.getByLabel('New password'))
    await page.getByLabel('New password').fill(NEW)
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByText(`You sign in with ${user.email}`).waitFor()
  })
  await step('no page of before has the link any more', async () => {
    await page.goBack()
    await page.getByRole('heading', { name: 'Forgot password' }).waitFor()
  })
  await step('all sessions have ended, and the old password is dead', async () => {
    expect((await load(site, '/dashboard', user.cookie)).status).toBe(307)
    expect((await signIn(site, user)).status).toBe(401)
    expect((await signIn(site, { ...user, password: NEW })).status).toBe(200)
  })
  await step('the link works once', () =>
    onAnotherDevice(visit, linkIn(mail), async (other) => {
      await other.getByLabel('New password').fill('one more password')
      await other.getByRole('button', { name: 'Set password' }).click()
      expect(await alertOf(other)).toMatch(/was used already/)
      await other.getByRole('link', { name: 'Ask for another' }).click()
      await other.getByRole('button', { name: 'Send link' }).waitFor()
    }),
  )
  await step('the token was in no request, referrer or log', () => {
    const token = tokenIn(mail)
    expect(watch.leaks(token)).toEqual([])
    expect(site.log()).not.toContain(token)
    return Promise.resolve()
  })
}

async function oldLink(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  visit.expectMessage(REFUSALS)
  const user = await createConfirmed(site)
  await postAuth(site, 'request-password-reset', { email: user.email })
  const link = linkIn(await mailTo(site, user.email, RESET))
  const set = async (address: string) => {
    await page.goto(address)
    await page.getByLabel('New password').fill(NEW)
    await page.getByRole('button', { name: 'Set password' }).click()
    expect(await alertOf(page)).toMatch(/more than an hour old, or is not complete/)
  }
  await step('cut', () => set(link.slice(0, -3)))
  await step('the server, which does not know, does not say so', async () => {
    expect(await (await load(site, '/reset-password')).text()).not.toContain('is not complete')
  })
  // The router reads two of a name as a list.
  for (const search of ['', '?token=a&token=b']) {
    await step(`without a token: ${search}`, async () => {
      await page.goto(`/reset-password${search}`)
      expect(await alertOf(page)).toMatch(/is not complete/)
    })
  }
  await step('after an hour', async () => {
    await pass(site, 61 * MINUTE)
    await set(link)
  })
  expect((await signIn(site, user)).status).toBe(200)
}

async function changed(visit: Visit): Promise<void> {
  const { page, site } = visit
  const user = await confirmedIn(visit, '/settings')
  await page.getByLabel('Current password').fill(user.password)
  await page.getByLabel('New password').fill(NEW)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Your password is changed').waitFor()
  const mail = await mailTo(site, user.email, /password .* was changed/)
  expect(mail.text).not.toContain(NEW)
  // The owner is signed in, and doesn't know the password that a stranger has set.
  expect(linksIn(mail)).toEqual([`${site.url}/forgot-password`])
  await page.goto(linksIn(mail)[0] ?? '')
  await page.getByLabel('Email').fill(user.email)
  await page.getByRole('button', { name: 'Send link' }).click()
  await page.goto(linkIn(await mailTo(site, user.email, RESET)))
  await page.getByLabel('New password').fill('a password of the owner')
  await page.getByRole('button', { name: 'Set password' }).click()
  await page.getByText(`Hello, ${user.name}`).waitFor()
  expect((await signIn(site, { ...user, password: NEW })).status).toBe(401)
}

async function tokens(site: Site): Promise<void> {
  const reset = (token: string, newPassword = NEW) =>
    postAuth(site, 'reset-password', { token, newPassword })
  const [one, other] = [await createConfirmed(site), await createConfirmed(site)]
  const fresh = newUser()
  await postAuth(site, 'sign-up/email', fresh)
  const confirmation = tokenIn(await mailTo(site, fresh.email))
  for (const { email } of [one, other]) await postAuth(site, 'request-password-reset', { email })
  const mine = tokenIn(await mailTo(site, one.email, RESET))
  const theirs = tokenIn(await mailTo(site, other.email, RESET))
  for (const wrong of [confirmation, mine + mine, mine.slice(1), '', `${mine}\u0000`]) {
    expect((await reset(wrong)).status, JSON.stringify(wrong)).toBe(400)
  }
  const once = await threeAtATime(3, (n) => reset(mine, `${NEW} ${n}`))
  expect(once.map(({ status }) => status).sort()).toEqual([200, 400, 400])
  expect((await signIn(site, other)).status).toBe(200)
  // A token of before another change of the password is worth nothing.
  const { cookie, password } = other
  const change = { currentPassword: password, newPassword: NEW }
  expect((await postAuth(site, 'change-password', change, cookie)).status).toBe(200)
  expect((await reset(theirs, 'an attacker set it')).status).toBe(400)
}
