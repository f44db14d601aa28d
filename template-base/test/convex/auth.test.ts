import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { api } from '../../convex/_generated/api'
import { cookieOf, newSession, newUser, postAuth, signUp, startBackend } from './backend'
import type { Backend } from './backend'

const email = 'ada@example.com'
const password = 'correct horse battery'
const DAY = 24 * 60 * 60_000

// One account for all of them.
let backend: Backend
let ada: Awaited<ReturnType<typeof newSession>>
let knownDevice: string

beforeAll(async () => {
  backend = startBackend()
  const body = { name: 'Ada', email: 'Ada@Example.com', password }
  const response = await signUp(backend, body)
  const { user } = (await response.json()) as { user: { id: string } }
  knownDevice = cookieOf(response)
  ada = await newSession(backend, user.id)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

const signIn = (credentials: object, cookie = '') =>
  postAuth(backend, 'sign-in/email', { email, password, ...credentials }, cookie)

test('who signs in reads their own name', async () => {
  expect(knownDevice).toMatch(/session_token=.*convex_jwt=|convex_jwt=.*session_token=/)
  expect(await ada.query(api.auth.getCurrentUser)).toMatchObject({ name: 'Ada', email })
})

test('a refusal does not tell whether there is an account', async () => {
  const answers = [
    await signIn({ password: 'wrong password' }),
    await signIn({ email: 'nobody@example.com' }),
  ]
  const seen = answers.map(async (one) => [one.status, await one.text(), [...one.headers]])
  const [wrong, unknown] = await Promise.all(seen)
  expect(wrong?.[0]).toBe(401)
  expect(wrong).toEqual(unknown)
})

test('on https, cookies travel over https only, and out of the reach of scripts', async () => {
  vi.stubEnv('SITE_URL', 'https://app.example')
  const cookies = (await signIn({})).headers.getSetCookie()
  expect(cookies).toHaveLength(3)
  for (const cookie of cookies) expect(cookie).toMatch(/^__Secure-.*HttpOnly; Secure; SameSite=Lax/)
})

test.each([
  { password: '7 chars' },
  { password: 'x'.repeat(129) },
  { name: ' ' },
  { name: '🦊'.repeat(5000) },
  { email: `${'x'.repeat(250)}@example.com` },
])('refuses the sign-up with %#', async (bad) => {
  const body = { name: 'Bob', email: 'bob@example.com', password, ...bad }
  expect((await postAuth(backend, 'sign-up/email', body)).status).toBe(400)
})

test.each([{ name: 5 }, { name: null }, { name: ' ' }, { image: {} }, { image: 'x'.repeat(2001) }])(
  'refuses to store what is no name or image: %#',
  async (bad) => {
    const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }
    const init = { method: 'POST', headers, body: JSON.stringify(bad) }
    expect((await backend.fetch('/api/auth/update-user', init)).status).toBe(400)
  },
)

test('a password changes with the old one only, and one session ends by itself', async () => {
  const elsewhere = await newSession(backend, ada.userId)
  const change = (currentPassword: string, newPassword = password) =>
    ada.mutation(api.users.updateUserPassword, { currentPassword, newPassword })
  const refused = { message: 'Invalid password', field: 'currentPassword' }
  expect(await change('a guess')).toEqual(refused)
  const tooLong = { message: 'Password too long', field: 'newPassword' }
  expect(await change(password, 'x'.repeat(129))).toEqual(tooLong)
  expect(await change(password)).toBeNull()

  const sessions = await ada.query(api.users.listSessions)
  expect(sessions.filter((session) => session.current)).toHaveLength(1)
  expect(sessions.every((session) => !('token' in session))).toBe(true)
  const { sessionId: id } = elsewhere
  const bob = await newUser(backend, 'Bob')
  await bob.mutation(api.users.endSession, { id })
  expect(await elsewhere.query(api.auth.getCurrentUser)).toMatchObject({ email })
  await ada.mutation(api.users.endSession, { id })
  await expect(elsewhere.query(api.auth.getCurrentUser)).rejects.toThrow('Unauthenticated')
})

test('an account is deleted with its password only', async () => {
  const remove = (body: object) => postAuth(backend, 'delete-user', body, knownDevice)
  expect((await remove({})).status).toBe(400)
  expect((await remove({ password: 'a guess' })).status).toBe(400)
  expect((await remove({ password })).status).toBe(200)

  await expect(ada.query(api.auth.getCurrentUser)).rejects.toThrow('Unauthenticated')
  expect((await signIn({}, knownDevice)).status).toBe(401)
})

test('an account without a password is deleted by a fresh session', async () => {
  const cleo = await newUser(backend, 'Cleo')
  const old = await newSession(backend, cleo.userId, Date.now() + 2 * DAY)
  const remove = ({ token }: { token: string }) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    return backend.fetch('/api/auth/delete-user', { method: 'POST', headers, body: '{}' })
  }
  vi.setSystemTime(Date.now() + DAY)
  // src/lib/auth-client.ts has words for it.
  expect(await (await remove(old)).json()).toMatchObject({ code: 'SESSION_EXPIRED' })
  vi.useRealTimers()
  expect((await remove(cleo)).status).toBe(200)
  await expect(cleo.query(api.auth.getCurrentUser)).rejects.toThrow('Unauthenticated')
})
