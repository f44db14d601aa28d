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

test('an address has its limit', async () => {
  const signInAt = (ip: string) =>
    postAuth(backend.withRequestMetadata({ ip }), 'sign-in/email', { email, password })
  const config = { kind: 'fixed window' as const, rate: 300, period: 900_000, start: Date.now() }
  const drained = { name: 'address', key: '203.0.113.7', count: 300, config }
  await backend.mutation(components.rateLimiter.lib.rateLimit, drained)
  expect((await signInAt('203.0.113.7')).status).toBe(429)
  expect((await signInAt('203.0.113.8')).status).toBe(200)
})

test('after ten wrong passwords the right one waits, but not where it was used before', async () => {
  for (let wrong = 1; wrong <= 10; wrong += 1) {
    expect((await signIn({ email: email.toUpperCase(), password: 'a guess' })).status).toBe(401)
  }
  const refused = await signIn({})
  expect(refused.status).toBe(429)
  expect(await refused.json()).toMatchObject({
    message: 'Too many attempts. Try again in 15 minutes.',
  })
  expect((await signIn({}, knownDevice)).status).toBe(200)
  vi.setSystemTime(Date.now() + 15 * 60_000)
  expect((await signIn({})).status).toBe(200)
}, 30_000)
