import { afterEach, expect, test, vi } from 'vitest'
import { api } from '../../convex/_generated/api'
import { confirmAddress, passwordChanged, resetPassword } from '../../convex/mailTexts'
import { newUser, postAuth, startBackend } from './backend'
import { collectMails } from './mails'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const stub = (variables: Record<string, string>) =>
  Object.entries(variables).forEach(([name, value]) => vi.stubEnv(name, value))

const SITE_URL = 'https://app.example'
const RESEND_API_KEY = 're_123'

test.each([
  ['logged', {}],
  ['logged', { SITE_URL: 'http://127.0.0.1:3000' }],
  ['off', { SITE_URL }],
  ['off', { SITE_URL: 'http://localhost.evil.example' }],
  ['off', { SITE_URL, RESEND_API_KEY }],
  ['off', { SITE_URL, RESEND_API_KEY, EMAIL_FROM: 'App' }],
  ['off', { SITE_URL, RESEND_API_KEY, EMAIL_FROM: 'App <app@mail.example' }],
  ['off', { SITE_URL, RESEND_API_KEY, EMAIL_FROM: 'App\nbcc: <app@mail.example>' }],
  ['sent', { SITE_URL, RESEND_API_KEY, EMAIL_FROM: 'app@mail.example' }],
  ['sent', { RESEND_API_KEY, EMAIL_FROM: 'My App <app@mail.example>' }],
])('mails are %s with %j', async (delivery, variables) => {
  stub(variables)
  expect(await startBackend().query(api.email.delivery)).toBe(delivery)
})

test('where no mail can be sent, the user hears of it, and nothing is printed but why', async () => {
  stub({ SITE_URL })
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
  const mails = collectMails()
  const backend = startBackend()
  const email = 'ada@example.com'
  const body = { name: 'Ada', email, password: 'correct horse battery' }
  for (const path of ['sign-up/email', 'request-password-reset', 'send-verification-email']) {
    const response = await postAuth(backend, path, body)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ message: expect.stringMatching('can’t send') })
  }
  expect(mails.lines()).toEqual([])
  expect(errors.mock.calls).toHaveLength(3)
  expect(errors.mock.calls.join()).toContain('RESEND_API_KEY is missing')
})

test('with a key, a mail waits to be sent, and is not printed', async () => {
  stub({ SITE_URL, RESEND_API_KEY, EMAIL_FROM: 'app@mail.example' })
  vi.useFakeTimers({ toFake: ['setTimeout'], shouldAdvanceTime: true })
  const mails = collectMails()
  const backend = startBackend()
  await newUser(backend, 'Ada')
  const email = 'ada@example.com'
  expect((await postAuth(backend, 'request-password-reset', { email })).status).toBe(200)
  expect(mails.lines()).toEqual([])
  const waiting = await backend.run((ctx) => ctx.db.system.query('_scheduled_functions').collect())
  expect(waiting.map(({ name, state }) => [name, state.kind])).toEqual([
    ['email:sendAgain', 'pending'],
  ])
})

test('a name is escaped, on one line, and left out until the address is confirmed', () => {
  const user = { email: 'ada@example.com', name: '<b>"A&B"</b>\r\nBcc: eve', emailVerified: true }
  const { subject, text, html } = passwordChanged(user)
  expect(subject).not.toMatch(/[\r\n]/)
  expect(text).toMatch(/^Hello <b>"A&B"<\/b> Bcc: eve,\n/)
  expect(html).toContain('Hello &lt;b&gt;&quot;A&amp;B&quot;&lt;/b&gt; Bcc: eve,')
  const unconfirmed = confirmAddress({ ...user, emailVerified: false }, 'token')
  expect(unconfirmed.text + unconfirmed.html).not.toContain('eve')
})

test('a link leads to the site, and its token stays one', () => {
  stub({ SITE_URL: `${SITE_URL}/` })
  const user = { email: 'ada@example.com', name: 'Ada', emailVerified: true }
  const { text, html } = resetPassword(user, 'a&b"c')
  const href = 'https://app.example/reset-password?token=a%26b%22c'
  expect(text).toContain(`\n${href}\n`)
  expect(html).toContain(`href="${href}"`)
  expect((text + html).match(/https?:\/\/[^/"]+/g)).toEqual([SITE_URL, SITE_URL])
})
