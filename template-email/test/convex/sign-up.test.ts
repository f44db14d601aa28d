import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { api, components, internal } from '../../convex/_generated/api'
import {
  cookieOf,
  newSession,
  newUser,
  postAuth,
  signUp as signUpAndIn,
  startBackend,
  type Backend,
} from './backend'
import { codeOf, collectMails, confirm, hurry, openLink, seen, setPassword } from './mails'

const user = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }
const MINUTE = 60_000
const CONFIRM = 'ada@example.com: Confirm your address for localhost:3000'

let backend: Backend
let mails: ReturnType<typeof collectMails>

beforeEach(() => {
  backend = startBackend()
  mails = collectMails()
  hurry()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const signUp = (body: object = {}) => postAuth(backend, 'sign-up/email', { ...user, ...body })
const signIn = (body: object = {}) => postAuth(backend, 'sign-in/email', { ...user, ...body })
const verifications = async () => {
  const args = { model: 'verification' as const, paginationOpts: { numItems: 10, cursor: null } }
  return (await backend.query(components.betterAuth.adapter.findMany, args)).page
}
const sendAgain = (email = user.email) => postAuth(backend, 'send-verification-email', { email })

test('nobody is signed in before the link is opened, and then once', async () => {
  const response = await signUp({ email: 'Ada@Example.com' })
  expect(response.headers.getSetCookie()).toEqual([])
  expect(await codeOf(await signIn())).toBe('EMAIL_NOT_VERIFIED')
  expect(mails.subjects()).toEqual([CONFIRM])

  const token = mails.token()
  // As a mail scanner does, and a page of another site.
  const scanned = await backend.fetch(`/api/auth/verify-email?token=${token}`)
  expect(scanned.headers.getSetCookie()).toEqual([])
  expect(await codeOf(await signIn())).toBe('EMAIL_NOT_VERIFIED')

  const opened = await openLink(backend, token)
  expect(opened.headers.getSetCookie().join()).toContain('session_token=')
  expect((await signIn()).status).toBe(200)
  const again = await openLink(backend, token)
  expect(again.headers.getSetCookie()).toEqual([])
  expect([again.status, await codeOf(again)]).toEqual([400, 'ALREADY_CONFIRMED'])
})

test('the right password is no wrong one before the link is opened', async () => {
  vi.setSystemTime(Date.now())
  await signUp()
  for (let n = 1; n <= 11; n += 1) expect(await codeOf(await signIn())).toBe('EMAIL_NOT_VERIFIED')
  for (let n = 1; n <= 10; n += 1) await signIn({ password: 'a guess' })
  expect((await signIn()).status).toBe(429)
})

test('a link that is old, cut, doubled or of another kind confirms nothing', async () => {
  await signUp()
  const token = mails.token()
  await postAuth(backend, 'request-password-reset', user)
  for (const wrong of [token.slice(0, -1), token + token, mails.token(), '', 'a.b.c']) {
    expect(await codeOf(await openLink(backend, wrong)), wrong).toBe('INVALID_TOKEN')
  }
  vi.setSystemTime(Date.now() + 61 * 60_000)
  expect(await codeOf(await openLink(backend, token))).toBe('TOKEN_EXPIRED')
  expect(await codeOf(await signIn())).toBe('EMAIL_NOT_VERIFIED')
})

test('sign-up answers the same with and without an account, and writes to its owner', async () => {
  const created = await seen(await signUp())
  await confirm(backend, user.email)
  const known = await seen(await signUp({ name: 'Eve', image: 'https://evil.example/a.png' }))
  expect(created[0]).toBe(200)
  expect(known).toEqual(created)
  expect(mails.subjects()).toEqual([
    CONFIRM,
    'ada@example.com: You have an account at localhost:3000',
  ])
  const words = mails.lines().join(' ')
  expect(words).toContain('http://localhost:3000/sign-in')
  expect(words).toContain('http://localhost:3000/forgot-password')
  expect(words).not.toMatch(/Eve|evil/)
})

test('sign-ups at once are all answered alike, though one makes the account', async () => {
  // Better Auth says that the others failed.
  vi.spyOn(console, 'error').mockReturnValue()
  const answers = await Promise.all([signUp(), signUp(), signUp()])
  const [first, ...others] = await Promise.all(answers.map(seen))
  expect(first?.[0]).toBe(200)
  expect(others).toEqual([first, first])
})

test('who signed up with the address before its owner is out when the owner confirms it', async () => {
  const stranger = { name: 'Mallory', password: 'the password of Mallory' }
  await signUp({ ...stranger, image: 'https://evil.example/a.png' })
  const link = mails.token()
  await signUp()
  const opened = await openLink(backend, link)
  expect(opened.status).toBe(200)
  expect((await signIn(stranger)).status).toBe(401)
  expect(await storedUser()).toMatchObject({ name: 'ada', image: null })
  const change = { currentPassword: user.password, newPassword: 'another password' }
  const refused = await postAuth(backend, 'change-password', change, cookieOf(opened))
  expect(await refused.json()).toMatchObject({
    message: expect.stringMatching(/no password.*Forgot password\?/),
  })
  await postAuth(backend, 'request-password-reset', user)
  vi.setSystemTime(Date.now() + 1000)
  expect((await setPassword(backend, mails.token(), user.password)).status).toBe(200)
  expect((await signIn()).status).toBe(200)
})

/** The account of before the app had e-mail: its owner is signed in, the address unconfirmed. */
async function olderAccount() {
  const cookie = cookieOf(await signUpAndIn(backend, user))
  await confirm(backend, user.email, false)
  return cookie
}

const storedUser = () => backend.query(components.betterAuth.adapter.findOne, { model: 'user' })

test('a sign-up with the address of an account takes nothing from it', async () => {
  const cookie = await olderAccount()
  await signUp({ name: 'x', image: 'https://evil.example/a.png', password: 'whatever 123' })
  expect(await codeOf(await signIn())).toBe('EMAIL_NOT_VERIFIED')
  expect(await storedUser()).toMatchObject({ name: 'Ada' })
  await sendAgain()
  expect((await openLink(backend, mails.token(), { cookie })).status).toBe(200)
  expect(await storedUser()).toMatchObject({ name: 'Ada' })
  expect((await signIn()).status).toBe(200)
})

test('whose password is gone with a confirmation, two having signed up, is told by mail', async () => {
  await olderAccount()
  await signUp({ password: 'whatever 123' })
  // However long it takes: no day's clean-up forgets it.
  vi.setSystemTime(Date.now() + 400 * 24 * 60 * MINUTE)
  await backend.mutation(internal.crons.deleteExpired, {})
  await sendAgain()
  expect((await openLink(backend, mails.token())).status).toBe(200)
  expect(mails.subjects().at(-1)).toBe(
    'ada@example.com: Your account at localhost:3000 has no password',
  )
  expect((await signIn()).status).toBe(401)
  expect(await verifications()).toEqual([])
})

test('a password by a link is the owner’s, whoever has signed up, and the name is nobody’s', async () => {
  await signUp({ name: 'Mallory', password: 'the password of Mallory' })
  await signUp()
  await postAuth(backend, 'request-password-reset', user)
  vi.setSystemTime(Date.now() + 1000)
  expect((await setPassword(backend, mails.token(), user.password)).status).toBe(200)
  expect((await signIn()).status).toBe(200)
  expect(await storedUser()).toMatchObject({ name: 'ada', emailVerified: true })
  expect(await verifications()).toEqual([])
})

test('who signs up once more, as no mail has come, keeps the password', async () => {
  await signUp()
  await signUp({ email: 'Ada@Example.com' })
  await openLink(backend, mails.token())
  expect((await signIn()).status).toBe(200)
})

test('a link of an account that is gone confirms none that a stranger makes with its address', async () => {
  await signUp()
  const link = mails.token()
  const cookie = cookieOf(await openLink(backend, link))
  const gone = await postAuth(backend, 'delete-user', { password: user.password }, cookie)
  expect(gone.status).toBe(200)
  vi.setSystemTime(Date.now() + 1000)
  await signUp({ password: 'the password of Mallory' })
  expect(await codeOf(await openLink(backend, link))).toBe('ACCOUNT_CHANGED')
})

test('a confirmation ends what a stranger had, and nothing of who is signed in', async () => {
  const eve = await newUser(backend, 'Eve')
  const email = 'eve@example.com'
  const now = Date.now()
  const account = { providerId: 'github', accountId: 'eve', createdAt: now, updatedAt: now }
  const data = { ...account, userId: eve.userId }
  const { create, findMany } = components.betterAuth.adapter
  await backend.mutation(create, { input: { model: 'account', data } })
  const open = async (headers = {}) => {
    await confirm(backend, email, false)
    await sendAgain(email)
    return openLink(backend, mails.token(), headers)
  }
  const ways = async () => {
    const paginationOpts = { numItems: 10, cursor: null }
    return (await backend.query(findMany, { model: 'account', paginationOpts })).page.length
  }
  await postAuth(backend, 'request-password-reset', { email })
  const cookie = cookieOf(await setPassword(backend, mails.token(), 'a new password'))
  expect((await open({ cookie })).status).toBe(200)
  expect(await ways()).toBe(2)
  const stranger = await newSession(backend, eve.userId)
  expect((await open()).status).toBe(200)
  expect(await ways()).toBe(1)
  await expect(stranger.query(api.auth.getCurrentUser)).rejects.toThrow('Unauthenticated')
})

test.each([
  { name: ' ' },
  { name: 'x'.repeat(256) },
  { email: `${'x'.repeat(243)}@example.com` },
  { email: 'ada@exämple.com' },
  { email: 'ada@example.com\nbcc: eve@example.com' },
  { password: 'short' },
  { name: 5 },
  { email: [user.email] },
  // Convex would store none of them.
  { name: '\ud800' },
  { image: 'x'.repeat(2_000_000) },
])('sign-up refuses %# the same with and without an account', async (bad) => {
  const unknown = await seen(await signUp(bad))
  await newUser(backend, 'Ada')
  expect(await seen(await signUp(bad))).toEqual(unknown)
  expect(unknown[0]).toBe(400)
})

test('a link leads to the site, whatever the request names', async () => {
  await signUp({ callbackURL: 'https://evil.example' })
  expect(
    mails
      .lines()
      .join(' ')
      .match(/https?:\/\/[^/ ]+/g),
  ).toEqual(['http://localhost:3000'])
})

test('an inbox gets three mails, however often and for whatever account they are asked for', async () => {
  await signUp({ email: 'ada+news@example.com' })
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => sendAgain('ada+news@example.com')),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(2)
  expect(mails.subjects()).toHaveLength(3)

  const refused = await seen(await sendAgain('ada+news@example.com'))
  expect(refused[0]).toBe(429)
  expect(refused[1]).toMatch(/try again in 15 minutes/)
  const unknown = await Promise.all(Array.from({ length: 4 }, () => sendAgain()))
  expect(unknown.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429])
})

test('in no 15 minutes there are more than three mails, and the refusal says when', async () => {
  const sent = []
  for (let minute = 0; minute < 60; minute += 1) {
    // A little late each time: no whole minute is rounded up.
    vi.setSystemTime(minute * (MINUTE + 1))
    const answer = await sendAgain()
    if (answer.status === 200) {
      sent.push(minute)
      continue
    }
    // Asked for once a minute from the first one on, the fourth comes a quarter of an hour later.
    const next = sent.at(-3)! + 15
    const when = `in ${next - minute} minute${next - minute === 1 ? '' : 's'}.`
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining(when) })
  }
  expect(sent).toEqual([0, 1, 2, 15, 16, 17, 30, 31, 32, 45, 46, 47])
})
