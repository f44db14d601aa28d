import { expect } from 'vitest'
import type { Suite } from '../../suite.ts'
import {
  confirmedIn,
  createConfirmed,
  mailsTo,
  mailTo,
  MINUTE,
  noMoreMails,
  pass,
  resendOf,
  tokenIn,
  verify,
} from '../../support/mails.ts'
import { newUser, postAuth, threeAtATime, type User } from '../../support/people.ts'
import { REFUSED_DOMAIN, type Trouble } from '../../support/resend.ts'
import { SENDING, type Site } from '../../support/site.ts'
import type { Visit } from '../../support/visit.ts'
import { alertOf, fillSignIn, fillSignUp } from '../account.ts'
import { signIn } from './addresses.ts'

/** With Resend, without it, and with a Resend that is in trouble. */
export function sendingChecks({ visit, check }: Suite): void {
  for (const trouble of ['down', 'limit', 'hang'] as const) {
    check(`Resend is in trouble: ${trouble}`, (site) => inTrouble(site, trouble))
  }
  check('Resend is down for half an hour', outage)
  check('addresses that Resend refuses cost nobody else a mail', refusedAddresses)
  check('such addresses cost nobody else a mail once it is back', refusedAfterOutage)
  check('a wrong key is in the log, and a mail can be had again', wrongKey)
  check('a mail while the account is deleted', whileDeleted)
  visit('without a key, here: the link is in the log', logged)
  visit('without a key, elsewhere: it is said, and nothing is printed', elsewhere)
  check('a sender that is none', wrongSender)
}

const set = (site: Site, values: Record<string, string | null>) =>
  site.backend.setVariables(Object.entries(values).map(([name, value]) => ({ name, value })))

/** The user has an answer, and the mail comes when Resend is back, once. */
async function inTrouble(site: Site, trouble: Trouble): Promise<void> {
  const user = newUser()
  const resend = resendOf(site)
  const before = resend.requests.length
  resend.fail(trouble)
  try {
    expect((await postAuth(site, 'sign-up/email', user)).status).toBe(200)
    await noMoreMails(site)
    expect(mailsTo(site, user.email)).toEqual([])
    if (trouble !== 'hang') {
      const errors = resend.requests.slice(before).map(({ error }) => error)
      expect(errors).toContain(trouble === 'down' ? 'internal_server_error' : 'rate_limit_exceeded')
    }
  } finally {
    resend.fail()
  }
  await untilMailed(site, user, 1)
  await pass(site, 10 * MINUTE)
  await noMoreMails(site)
  expect(mailsTo(site, user.email)).toHaveLength(1)
}

/** Until the component tries again, which is later each time. */
async function untilMailed(site: Site, { email }: User, minutes: number): Promise<void> {
  for (let n = 1; n <= 12 && mailsTo(site, email).length === 0; n += 1) {
    await pass(site, minutes * MINUTE)
    await noMoreMails(site)
  }
}

async function outage(site: Site): Promise<void> {
  const user = newUser()
  const resend = resendOf(site)
  resend.fail('down')
  try {
    expect((await postAuth(site, 'sign-up/email', user)).status).toBe(200)
    for (let n = 1; n <= 6; n += 1) {
      await noMoreMails(site)
      await pass(site, 5 * MINUTE)
    }
    await noMoreMails(site)
  } finally {
    resend.fail()
  }
  await untilMailed(site, user, 10)
  expect(mailsTo(site, user.email)).toHaveLength(1)
}

const refusedUser = () => ({ ...newUser(), email: `${crypto.randomUUID()}@${REFUSED_DOMAIN}` })

/** What Resend refuses a request with several mails with, for one of them. */
const refusedBatches = (site: Site) =>
  resendOf(site).requests.filter(({ path, status }) => path.endsWith('/batch') && status === 422)

/** Requests have mails of both kinds, and Resend refuses each of these. */
async function refusedAddresses(site: Site): Promise<void> {
  const before = refusedBatches(site).length
  const bystanders = [newUser(), newUser(), newUser()]
  const asked = bystanders.flatMap((user) => [refusedUser(), user, refusedUser()])
  const answers = await threeAtATime(asked.length, (n) =>
    postAuth(site, 'sign-up/email', asked[n] ?? newUser()),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  await noMoreMails(site)
  const refused = refusedBatches(site).length
  expect(refused).toBeGreaterThan(before)
  expect(site.backend.log()).toContain('Invalid `to` field')
  for (const { email } of bystanders) await mailTo(site, email)
  await pass(site, 5 * MINUTE)
  await noMoreMails(site)
  for (const { email } of bystanders) expect(mailsTo(site, email)).toHaveLength(1)
  // However many there are, none of them stops another request.
  expect(refusedBatches(site)).toHaveLength(refused)
}

async function refusedAfterOutage(site: Site): Promise<void> {
  const before = refusedBatches(site).length
  const bystander = newUser()
  resendOf(site).fail('down')
  try {
    const asked = [refusedUser(), bystander].map((user) => postAuth(site, 'sign-up/email', user))
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200])
    await noMoreMails(site)
    await pass(site, 2 * MINUTE)
    await noMoreMails(site)
  } finally {
    resendOf(site).fail()
  }
  await untilMailed(site, bystander, 1)
  expect(refusedBatches(site).length).toBeGreaterThan(before)
  expect(mailsTo(site, bystander.email)).toHaveLength(1)
}

async function wrongKey(site: Site): Promise<void> {
  const user = newUser()
  await set(site, { RESEND_API_KEY: 're_wrong' })
  try {
    expect((await postAuth(site, 'sign-up/email', user)).status).toBe(200)
    await noMoreMails(site)
    expect(resendOf(site).requests.at(-1)).toMatchObject({ status: 401 })
    expect(site.backend.log()).toContain('API key is invalid')
    expect(site.backend.log()).not.toContain('re_wrong')
  } finally {
    await set(site, SENDING)
  }
  await postAuth(site, 'send-verification-email', { email: user.email })
  const mail = await mailTo(site, user.email)
  expect((await verify(site, tokenIn(mail))).status).toBe(200)
}

async function whileDeleted(site: Site): Promise<void> {
  const { email, password, cookie } = await createConfirmed(site)
  const answers = await Promise.all([
    postAuth(site, 'request-password-reset', { email }),
    postAuth(site, 'delete-user', { password }, cookie),
  ])
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  await noMoreMails(site)
  for (const mail of mailsTo(site, email, /new password/)) {
    const token = tokenIn(mail)
    const reset = await postAuth(site, 'reset-password', { token, newPassword: 'a new password' })
    expect(reset.status).toBe(400)
  }
  expect((await signIn(site, { email, password })).status).toBe(401)
  expect((await postAuth(site, 'request-password-reset', { email })).status).toBe(200)
}

async function logged(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  const user = newUser()
  await set(site, { RESEND_API_KEY: null })
  try {
    await step('the page says where the mail is', async () => {
      await page.goto('/sign-up')
      await fillSignUp(page, user)
      await page.getByText('the mail is in your Convex log').waitFor()
    })
    await step('and there is its link', async () => {
      const log = site.backend.log()
      expect(log).toContain(`A mail to ${user.email}`)
      const link = log.match(/https?:\/\/\S+token=\S+/g)?.at(-1) ?? ''
      await page.goto(link)
      await page.getByRole('button', { name: 'Confirm address' }).click()
      await page.getByText(`Hello, ${user.name}`).waitFor()
    })
    await step('so it is for a forgotten password', async () => {
      await page.context().clearCookies()
      await page.goto('/forgot-password')
      await page.getByLabel('Email').fill(user.email)
      await page.getByRole('button', { name: 'Send link' }).click()
      await page.getByText('the mail is in your Convex log').waitFor()
    })
    expect(mailsTo(site, user.email)).toEqual([])
  } finally {
    await set(site, SENDING)
  }
}

async function elsewhere(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  visit.expectMessage(/^error: Failed to load resource: .* status of (?:403|503) /)
  const user = await confirmedIn(visit, '/settings')
  const other = newUser()
  const waiting = newUser()
  await postAuth(site, 'sign-up/email', waiting)
  const printed = () => site.backend.log().split('A mail to ').length
  const before = printed()
  await set(site, {
    RESEND_API_KEY: null,
    SITE_URL: 'http://your-app.example',
    TRUSTED_ORIGINS: site.url,
  })
  try {
    await step('a change of the address', async () => {
      await page.getByLabel('New email').fill(other.email)
      const form = page.locator('form').filter({ hasText: 'New email' })
      await form.getByLabel('Confirm with your password').fill(user.password)
      await page.getByRole('button', { name: 'Change email' }).click()
      expect(await alertOf(page)).toMatch(/can’t send mails/)
    })
    await page.context().clearCookies()
    await step('a sign-up', async () => {
      await page.goto('/sign-up')
      await fillSignUp(page, other)
      expect(await alertOf(page)).toMatch(/can’t send mails/)
    })
    await step('a sign-in that waits for a confirmation', async () => {
      await page.goto('/sign-in')
      await fillSignIn(page, waiting)
      expect(await alertOf(page)).toMatch(/can’t send mails/)
    })
    await step('a forgotten password', async () => {
      await page.goto('/forgot-password')
      await page.getByLabel('Email').fill(user.email)
      await page.getByRole('button', { name: 'Send link' }).click()
      expect(await alertOf(page)).toMatch(/can’t send mails/)
    })
    expect(printed()).toBe(before)
    expect(site.backend.log()).not.toContain(other.email)
  } finally {
    await set(site, { ...SENDING, SITE_URL: site.url, TRUSTED_ORIGINS: null })
  }
}

async function wrongSender(site: Site): Promise<void> {
  const { email } = await createConfirmed(site)
  try {
    for (const sender of [
      '',
      'nobody',
      'The App',
      '<hello@mail.app.example',
      'hello@app',
      'App <a@b> c',
      'a@b.c\nBcc: c@d.e',
    ]) {
      await set(site, { EMAIL_FROM: sender })
      const answer = await postAuth(site, 'request-password-reset', { email })
      expect(answer.status, JSON.stringify(sender)).toBe(503)
      expect(await answer.json()).toMatchObject({ message: expect.stringContaining('send mails') })
    }
  } finally {
    await set(site, SENDING)
  }
}
