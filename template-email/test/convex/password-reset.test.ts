import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { api, components } from '../../convex/_generated/api'
import { cookieOf, newSession, newUser, postAuth, signUp, startBackend } from './backend'
import type { Backend } from './backend'
import { codeOf, collectMails, confirm, hurry, seen, setPassword } from './mails'

const email = 'ada@example.com'
const RESET = `${email}: Set a new password for localhost:3000`

let backend: Backend
let mails: ReturnType<typeof collectMails>
let ada: Awaited<ReturnType<typeof newUser>>

beforeEach(async () => {
  backend = startBackend()
  mails = collectMails()
  hurry()
  ada = await newUser(backend, 'Ada')
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const forgot = (address = email) => postAuth(backend, 'request-password-reset', { email: address })

const accounts = async () => {
  const args = { model: 'account' as const, paginationOpts: { numItems: 10, cursor: null } }
  return (await backend.query(components.betterAuth.adapter.findMany, args)).page
}

test('the link sets a password, ends every session and signs in, once', async () => {
  const elsewhere = await newSession(backend, ada.userId)
  await forgot('ADA@example.com')
  const token = mails.token()
  expect((await setPassword(backend, token, 'short')).status).toBe(400)

  const answers = [
    await setPassword(backend, token, 'a new password'),
    await setPassword(backend, token, 'the next password'),
  ]
  expect(await codeOf(answers[1]!)).toBe('INVALID_TOKEN')
  await expect(elsewhere.query(api.auth.getCurrentUser)).rejects.toThrow('Unauthenticated')
  const cookie = cookieOf(answers[0]!)
  const session = await backend.fetch('/api/auth/get-session', { headers: { cookie } })
  expect(await session.json()).toMatchObject({ user: { email } })
  const signIn = { email, password: 'a new password' }
  expect((await postAuth(backend, 'sign-in/email', signIn)).status).toBe(200)
  expect(mails.subjects()).toEqual([RESET, `${email}: Your password at localhost:3000 was changed`])
})

test('the answer does not tell whether there is an account', async () => {
  const known = await seen(await forgot())
  expect(await seen(await forgot('nobody@example.com'))).toEqual(known)
  expect(mails.subjects()).toEqual([RESET])
})

test('a link that is old, cut, doubled or none sets no password', async () => {
  await forgot()
  const token = mails.token()
  for (const wrong of [token.slice(0, -1), token + token, '', 'dummy-verification-token']) {
    expect((await setPassword(backend, wrong, 'a new password')).status).toBe(400)
  }
  vi.setSystemTime(Date.now() + 61 * 60_000)
  expect(await codeOf(await setPassword(backend, token, 'a new password'))).toBe('INVALID_TOKEN')
  expect(await accounts()).toEqual([])
})

test('a token is not to be guessed, and who guesses locks nobody out', async () => {
  await forgot()
  const token = mails.token()
  expect(token).toMatch(/^[A-Za-z0-9]{24}$/)
  const guesses = Array.from({ length: 100 }, () => setPassword(backend, 'x'.repeat(24), 'a guess'))
  expect(new Set((await Promise.all(guesses)).map(({ status }) => status))).toEqual(new Set([400]))
  expect((await setPassword(backend, token, 'a new password')).status).toBe(200)
})

test('another link, of before, is worthless once the password is set', async () => {
  await forgot()
  const first = mails.token()
  await forgot()
  vi.setSystemTime(Date.now() + 1000)
  expect((await setPassword(backend, mails.token(), 'a new password')).status).toBe(200)
  expect(await codeOf(await setPassword(backend, first, 'an old password'))).toBe('INVALID_TOKEN')
})

test('a link outlives no account', async () => {
  await forgot()
  const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }
  await backend.fetch('/api/auth/delete-user', { method: 'POST', headers, body: '{}' })
  const answer = await setPassword(backend, mails.token(), 'a new password')
  expect(await codeOf(answer)).toBe('INVALID_TOKEN')
  expect(await accounts()).toEqual([])
})

test('ten requests at once make three mails, and the rest say when', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => forgot()))
  expect(mails.subjects()).toEqual([RESET, RESET, RESET])
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused).toHaveLength(7)
  expect(await refused[0]?.json()).toMatchObject({
    code: 'TOO_MANY_MAILS',
    message: expect.stringMatching(/try again in 15 minutes/),
  })
})

test('who came first with an unconfirmed address loses it to who has the inbox', async () => {
  const eve = await newUser(backend, 'Eve')
  await confirm(backend, 'eve@example.com', false)
  const now = Date.now()
  const account = { providerId: 'github', accountId: 'eve', createdAt: now, updatedAt: now }
  const data = { ...account, userId: eve.userId }
  const input = { model: 'account' as const, data }
  await backend.mutation(components.betterAuth.adapter.create, { input })

  await forgot('eve@example.com')
  vi.setSystemTime(Date.now() + 1000)
  expect((await setPassword(backend, mails.token(), 'a new password')).status).toBe(200)
  await expect(eve.query(api.auth.getCurrentUser)).rejects.toThrow('Unauthenticated')
  expect((await accounts()).map((one: { providerId: string }) => one.providerId)).toEqual([
    'credential',
  ])
  const signIn = { email: 'eve@example.com', password: 'a new password' }
  expect((await postAuth(backend, 'sign-in/email', signIn)).status).toBe(200)
})

test('a password that is changed in the settings is told to its owner', async () => {
  const bob = { name: 'Bob', email: 'bob@example.com', password: 'correct horse battery' }
  const response = await signUp(backend, bob)
  const { user } = (await response.json()) as { user: { id: string } }
  const session = await newSession(backend, user.id)
  const body = { currentPassword: bob.password, newPassword: 'a new password' }
  await session.mutation(api.users.updateUserPassword, body)
  expect(mails.subjects().at(-1)).toBe(
    'bob@example.com: Your password at localhost:3000 was changed',
  )
})
