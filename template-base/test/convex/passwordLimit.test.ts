import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { components } from '../../convex/_generated/api'
import { cookieOf, postAuth, startBackend, type Backend } from './backend'

const email = 'ada@example.com'
const password = 'correct horse battery'

let backend: Backend
let knownDevice: string

beforeAll(async () => {
  backend = startBackend()
  knownDevice = cookieOf(await postAuth(backend, 'sign-up/email', { name: 'Ada', email, password }))
})
afterEach(() => void vi.useRealTimers())

const signIn = (credentials: object, cookie = '') =>
  postAuth(backend, 'sign-in/email', { email, password, ...credentials }, cookie)

/** Uses up what a limit allows, without hashing a password for each. */
const useUp = (name: string, key: string, count = 10) => {
  const config = { kind: 'token bucket' as const, rate: 10, period: 900_000 }
  return backend.mutation(components.rateLimiter.lib.rateLimit, { name, key, count, config })
}

const digestOf = async (text: string) =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('hex')

test('after ten wrong passwords the right one waits, but not where it was used before', async () => {
  for (let wrong = 1; wrong <= 10; wrong += 1) {
    expect((await signIn({ email: email.toUpperCase(), password: 'a guess' })).status).toBe(401)
  }
  const refused = await signIn({})
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toMatch(/^(8\d|90)$/)
  expect(await refused.json()).toMatchObject({
    message: 'Too many attempts. Try again in 2 minutes.',
  })
  expect((await signIn({}, knownDevice)).status).toBe(200)
  expect((await signIn({})).status).toBe(429)
  vi.setSystemTime(Date.now() + 15 * 60_000)
  expect((await signIn({})).status).toBe(200)
}, 30_000)

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
