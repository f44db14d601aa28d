import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { components, internal } from '../../convex/_generated/api'
import { cookieOf, newUser, postAuth, signUp, startBackend, type Backend } from './backend'

const email = 'ada@example.com'
const password = 'correct horse battery'

let backend: Backend
let knownDevice: string

beforeAll(async () => {
  backend = startBackend()
  knownDevice = cookieOf(await signUp(backend, { name: 'Ada', email, password }))
})
afterEach(() => void vi.useRealTimers())

const signIn = (credentials: object, cookie = '') =>
  postAuth(backend, 'sign-in/email', { email, password, ...credentials }, cookie)

const config = { kind: 'token bucket' as const, rate: 10, period: 900_000 }

/** Uses up what a limit allows, without a guess for each. */
const useUp = (name: string, key: string, count = 10) =>
  backend.mutation(components.rateLimiter.lib.rateLimit, { name, key, count, config })

const digestOf = async (text: string) =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('hex')

test('after ten wrong passwords the right one waits, but not where it was used before', async () => {
  // Stands still: a limit fills up again, however slow the machine.
  vi.setSystemTime(Date.now())
  for (let wrong = 1; wrong <= 10; wrong += 1) {
    expect((await signIn({ email: email.toUpperCase(), password: 'a guess' })).status).toBe(401)
  }
  const refused = await signIn({})
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('90')
  expect(await refused.json()).toMatchObject({
    message: 'Too many attempts. Try again in 2 minutes.',
  })
  expect((await signIn({}, knownDevice)).status).toBe(200)
  expect((await signIn({})).status).toBe(429)
  vi.setSystemTime(Date.now() + 15 * 60_000)
  expect((await signIn({})).status).toBe(200)
})

test('a right password gives back what wrong ones took; a request that is none does not', async () => {
  const account = await digestOf(email)
  await useUp('account', account, 9)
  expect((await signIn({ password: undefined })).status).toBe(400)
  expect((await signIn({})).status).toBe(429)
  vi.setSystemTime(Date.now() + 2 * 60_000)
  expect((await signIn({})).status).toBe(200)
  await useUp('account', account)
  expect((await signIn({})).status).toBe(429)
})

test('a guess counts for the session that it is made in, whatever else is sent', async () => {
  const { token } = await newUser(backend, 'Eve')
  const headers = {
    cookie: knownDevice,
    // Better Auth goes on to the cookie: the signature is wrong.
    authorization: `Bearer ${token}.wrong`,
    'content-type': 'application/json',
    origin: process.env.SITE_URL ?? '',
  }
  const body = JSON.stringify({ currentPassword: 'a guess', newPassword: password })
  const guess = { method: 'POST', headers, body }
  expect((await backend.fetch('/api/auth/change-password', guess)).status).toBe(401)
})

test('every day, the counts of earlier days are deleted, however many, and no newer ones', async () => {
  vi.useFakeTimers()
  for (let n = 1; n <= 101; n += 1) await useUp('session', `old${n}`, 1)
  vi.setSystemTime(Date.now() + 25 * 60 * 60_000)
  await useUp('session', 'new', 1)
  await backend.mutation(internal.crons.deleteOldLimits)
  await backend.finishAllScheduledFunctions(vi.runAllTimers)

  const valueOf = async (key: string) => {
    const args = { name: 'session', key, config }
    return (await backend.query(components.rateLimiter.lib.getValue, args)).value
  }
  // A count that isn't there has all its ten left.
  expect(await valueOf('old1')).toBe(10)
  expect(await valueOf('old101')).toBe(10)
  expect(await valueOf('new')).toBe(9)
})
