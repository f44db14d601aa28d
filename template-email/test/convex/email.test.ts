import type { EmailId } from '@convex-dev/resend'
import { afterEach, expect, test, vi } from 'vitest'
import { api, components, internal } from '../../convex/_generated/api'
import { confirmAddress, passwordChanged, resetPassword } from '../../convex/mailTexts'
import { newUser, postAuth, startBackend } from './backend'
import { collectMails } from './mails'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
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
    ['email:sendAlone', 'pending'],
  ])
})

/** What Resend is asked, and how many looks are to come, for a mail with that fate in its batch. */
async function sendAlone(
  fate: { status: 'failed' | 'queued'; errorMessage?: string },
  answer = 200,
) {
  stub({ SITE_URL, RESEND_API_KEY, EMAIL_FROM: 'app@mail.example' })
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const asked: [url: string, init: RequestInit][] = []
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push([url, init])
    return Promise.resolve(Response.json({ id: 'resend-id' }, { status: answer }))
  })
  const backend = startBackend()
  const { sendEmail, updateManualEmail } = components.resend.lib
  const options = { apiKey: RESEND_API_KEY, initialBackoffMs: 1, retryAttempts: 1, testMode: false }
  const mail = { from: 'app@mail.example', subject: 'Hello', text: 'text', html: '<p>html</p>' }
  const to = ['ada@example.com']
  const emailId = await backend.mutation(sendEmail, { options, ...mail, to })
  await backend.mutation(updateManualEmail, { emailId, ...fate })
  await backend.action(internal.email.sendAlone, { id: emailId as EmailId })
  const waiting = await backend.run((ctx) => ctx.db.system.query('_scheduled_functions').collect())
  const looks = waiting.filter(({ name }) => name === 'email:sendAlone').length
  return { asked, looks, mail: { ...mail, to } }
}

const refused = { status: 'failed', errorMessage: 'Resend API error: 422 {}' } as const

test('a mail that was refused with others goes alone', async () => {
  const { asked, looks, mail } = await sendAlone(refused)
  expect(asked.map(([url]) => url)).toEqual(['https://api.resend.com/emails'])
  const { headers, body } = asked[0]![1]
  expect(JSON.parse(String(body))).toEqual(mail)
  expect(headers).toMatchObject({ Authorization: `Bearer ${RESEND_API_KEY}` })
  expect(looks).toBe(0)
})

test.each([
  ['for good', 422, 0],
  ['as the key is wrong', 401, 0],
  ['for now', 429, 1],
  ['while Resend is down', 503, 1],
])('alone, it is refused %s: %i', async (_why, answer, looks) => {
  const found = await sendAlone(refused, answer)
  expect([found.asked.length, found.looks]).toEqual([1, looks])
})

test('a mail that still waits is looked at later, one that failed otherwise no more', async () => {
  expect(await sendAlone({ status: 'queued' })).toMatchObject({ asked: [], looks: 1 })
  const errorMessage = 'Resend API error: 401 {}'
  expect(await sendAlone({ ...refused, errorMessage })).toMatchObject({ asked: [], looks: 0 })
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
