import { hashPassword } from 'better-auth/crypto'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { api, components } from '../../convex/_generated/api'
import { cookieOf, newUser, postAuth, signUp, startBackend, type Backend } from './backend'
import { codeOf, collectMails, confirm, hurry, openLink, setPassword } from './mails'

const user = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }
const newEmail = 'ada@new.example'

let backend: Backend
let mails: ReturnType<typeof collectMails>
let ada: Awaited<ReturnType<typeof newUser>>
let password: string

beforeAll(async () => {
  password = await hashPassword(user.password)
})
beforeEach(async () => {
  backend = startBackend()
  ada = await newUser(backend, 'Ada')
  const times = { createdAt: Date.now(), updatedAt: Date.now() }
  const ids = { userId: ada.userId, accountId: ada.userId, providerId: 'credential' }
  const input = { model: 'account' as const, data: { ...ids, ...times, password } }
  await backend.mutation(components.betterAuth.adapter.create, { input })
  mails = collectMails()
  hurry()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const change = (fields: object = {}) =>
  ada.mutation(api.emailAddress.change, { newEmail, password: user.password, ...fields })

/** Opens the last link where the owner is signed in. */
async function open(password = user.password) {
  const token = mails.token()
  const signIn = await postAuth(backend, 'sign-in/email', { ...user, password })
  return openLink(backend, token, { cookie: cookieOf(signIn) })
}

test('the new address confirms the change, the old one is told, the session goes on', async () => {
  expect(await change({ password: 'a guess' })).toBe('Invalid password')
  expect(await change()).toBeNull()
  expect(mails.subjects()).toEqual([`${newEmail}: Confirm your new address for localhost:3000`])
  expect(await ada.query(api.auth.getCurrentUser)).toMatchObject({ email: user.email })

  expect((await open()).status).toBe(200)
  expect(await ada.query(api.auth.getCurrentUser)).toMatchObject({ email: newEmail })
  expect(mails.subjects().at(-1)).toBe(`${user.email}: Your address at localhost:3000 was changed`)
  expect(await codeOf(await openLink(backend, mails.token()))).toBe('USER_NOT_FOUND')
  const signIn = (email: string) => postAuth(backend, 'sign-in/email', { ...user, email })
  expect((await signIn(newEmail)).status).toBe(200)
  expect((await signIn(user.email)).status).toBe(401)
})

test('a link of before the change, to the old address, is worthless after it', async () => {
  await postAuth(backend, 'request-password-reset', { email: user.email })
  const token = mails.token()
  await change()
  vi.setSystemTime(Date.now() + 1000)
  expect((await open()).status).toBe(200)
  const newPassword = 'a new password'
  const answer = await postAuth(backend, 'reset-password', { token, newPassword })
  expect(await codeOf(answer)).toBe('INVALID_TOKEN')
})

/** An account of a provider that did not confirm the address, and a link to another one. */
async function strangerWithLink() {
  const eve = await newUser(backend, 'Eve')
  await confirm(backend, 'eve@example.com', false)
  await eve.mutation(api.emailAddress.change, { newEmail: 'eve@evil.example', password: '' })
  return { eve, token: mails.token() }
}

test('who asked for the change loses it with the account, to who has the inbox', async () => {
  const { token } = await strangerWithLink()
  const email = 'eve@example.com'
  await postAuth(backend, 'request-password-reset', { email })
  expect((await setPassword(backend, mails.token(), 'a new password')).status).toBe(200)
  const answer = await openLink(backend, token)
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(await codeOf(answer)).toBe('ACCOUNT_CHANGED')
  const signIn = { email, password: 'a new password' }
  expect((await postAuth(backend, 'sign-in/email', signIn)).status).toBe(200)
})

test('a link of an account that is gone is none for the next one with its address', async () => {
  const { eve, token } = await strangerWithLink()
  const headers = { authorization: `Bearer ${eve.token}`, 'content-type': 'application/json' }
  await backend.fetch('/api/auth/delete-user', { method: 'POST', headers, body: '{}' })
  await newUser(backend, 'Eve')
  expect(await codeOf(await openLink(backend, token))).toBe('ACCOUNT_CHANGED')
})

test('an address that somebody has got meanwhile stays theirs', async () => {
  await change({ newEmail: 'bob@example.com' })
  const bob = await newUser(backend, 'Bob')
  expect(await codeOf(await open())).toBe('ADDRESS_TAKEN')
  expect(await bob.query(api.auth.getCurrentUser)).toMatchObject({ name: 'Bob' })
})

test("another's address gets no link, its owner is told, and the answer is the same", async () => {
  await newUser(backend, 'Bob')
  expect(await change({ newEmail: 'Bob@Example.com' })).toBeNull()
  expect(mails.subjects()).toEqual(['bob@example.com: You have an account at localhost:3000'])
})

test('the link is good for its owner alone, and nobody goes past the password', async () => {
  await change()
  const token = mails.token()
  const bob = await signUp(backend, { ...user, email: 'bob@example.com' })
  const another = await openLink(backend, token, { cookie: cookieOf(bob) })
  expect(await codeOf(another)).toBe('INVALID_USER')
  // Whoever has a mistyped address, or the inbox that a stranger named.
  const answer = await openLink(backend, token)
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(await codeOf(answer)).toBe('SIGN_IN_FIRST')
  expect(await ada.query(api.auth.getCurrentUser)).toMatchObject({ email: user.email })
  const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify({ newEmail }) }
  expect((await backend.fetch('/api/auth/change-email', init)).status).toBe(404)
})

test('who never confirmed the old address is told as well, and no mail has what they typed', async () => {
  const cookie = cookieOf(await postAuth(backend, 'sign-in/email', user))
  await confirm(backend, user.email, false)
  const body = { currentPassword: user.password, newPassword: 'another password' }
  expect(await ada.mutation(api.users.updateUserPassword, body)).toBeNull()
  expect(await change({ password: body.newPassword })).toBeNull()
  await openLink(backend, mails.token(), { cookie })
  expect(mails.subjects()).toEqual([
    `${user.email}: Your password at localhost:3000 was changed`,
    `${newEmail}: Confirm your new address for localhost:3000`,
    `${user.email}: Your address at localhost:3000 was changed`,
  ])
  expect(mails.lines().join(' ')).not.toContain('Hello Ada')
})

test('the name is in no mail to an address that is not confirmed', async () => {
  await change()
  expect(mails.lines().join(' ')).toContain('Hello,')
})

test.each(['no address', `${'x'.repeat(250)}@example.com`, 'ada@new.example\nx', user.email])(
  'an address that is none or the same is refused: %#',
  async (bad) => {
    expect(await change({ newEmail: bad })).toMatch(/^[A-Z]/)
    expect(mails.subjects()).toEqual([])
  },
)

test('neither an account nor an address is good for a flood', async () => {
  const answers = []
  for (const n of [1, 2, 3, 4]) answers.push(await change({ newEmail: `ada${n}@new.example` }))
  expect(answers.slice(0, 3)).toEqual([null, null, null])
  expect(answers[3]).toMatch(/try again in 15 minutes/)
  expect(mails.subjects()).toHaveLength(3)
})

test('who changes the password again and again hides no change of the address', async () => {
  const passwords = [user.password, 'a second one', 'a third one', 'a fourth one']
  for (const n of [0, 1, 2]) {
    const body = { currentPassword: passwords[n]!, newPassword: passwords[n + 1]! }
    expect(await ada.mutation(api.users.updateUserPassword, body)).toBeNull()
  }
  expect(await change({ password: passwords[3] })).toBeNull()
  await open(passwords[3])
  expect(mails.subjects().at(-1)).toBe(`${user.email}: Your address at localhost:3000 was changed`)
})

test('without a password, it takes a sign-in within the last day', async () => {
  const cleo = await newUser(backend, 'Cleo')
  const args = { newEmail: 'cleo@new.example', password: '' }
  expect(await cleo.mutation(api.emailAddress.change, args)).toBeNull()
  const input = {
    model: 'session' as const,
    where: [{ field: '_id' as const, value: cleo.sessionId }],
    update: { createdAt: Date.now() - 25 * 60 * 60_000 },
  }
  await backend.mutation(components.betterAuth.adapter.updateOne, { input })
  expect(await cleo.mutation(api.emailAddress.change, args)).toMatch('sign out and in again')
})
