import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { components, internal } from '../../convex/_generated/api'
import { digest } from '../../convex/passwordLimit'
import { cookieOf, newUser, postAuth, signUp, startBackend, type Backend } from './backend'

const email = 'ada@example.com'
const password = 'correct horse battery'

let backend: Backend
let knownDevice: string
let userId: string

beforeAll(async () => {
  backend = startBackend()
  const response = await signUp(backend, { name: 'Ada', email, password })
  knownDevice = cookieOf(response)
  userId = ((await response.json()) as { user: { id: string } }).user.id
})
afterEach(() => void vi.useRealTimers())

const signIn = (credentials: object, cookie = '') =>
  postAuth(backend, 'sign-in/email', { email, password, ...credentials }, cookie)

const config = { kind: 'token bucket' as const, rate: 10, period: 900_000 }

/** Uses up what a limit allows, without a guess for each. */
const useUp = (name: string, key: string, count = 10) =>
  backend.mutation(components.rateLimiter.lib.rateLimit, { name, key, count, config })

const keyOf = async (text: string) => (await digest(text)).slice(0, 16)

/** What a browser with these cookies has after the answer. */
const after = (cookies: string, response: Response) => {
  const all = [...cookies.split('; '), ...cookieOf(response).split('; ')]
  return Object.values(Object.fromEntries(all.map((one) => [one.split('=')[0], one]))).join('; ')
}

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
  const account = await keyOf(userId)
  await useUp('account', account, 9)
  expect((await signIn({ password: undefined })).status).toBe(400)
  expect((await signIn({})).status).toBe(429)
  vi.setSystemTime(Date.now() + 2 * 60_000)
  expect((await signIn({})).status).toBe(200)
  await useUp('account', account)
  expect((await signIn({})).status).toBe(429)
})

test('whoever else signs in on a device, and whatever their address is, it stays known', async () => {
  vi.setSystemTime(Date.now())
  const bob = { name: 'Bob', email: 'bob@example.com', password }
  await signUp(backend, bob)
  const device = after(knownDevice, await signIn(bob, knownDevice))
  const rename = (to: string) =>
    backend.mutation(components.betterAuth.adapter.updateOne, {
      input: { model: 'user', where: [{ field: '_id', value: userId }], update: { email: to } },
    })
  const moved = { email: 'ada@new.example' }
  await rename(moved.email)
  for (let wrong = 1; wrong <= 10; wrong += 1) await signIn({ ...moved, password: 'a guess' })
  expect((await signIn(moved)).status).toBe(429)
  expect((await signIn(moved, device)).status).toBe(200)
  expect((await signIn(bob, device)).status).toBe(200)
  await rename(email)
})

test('a device knows the ten accounts that have signed in there last', async () => {
  vi.setSystemTime(Date.now())
  let device = knownDevice
  for (let n = 1; n <= 10; n += 1) {
    const user = { name: 'Visitor', email: `visitor${n}@example.com`, password }
    await signUp(backend, user)
    device = after(device, await signIn(user, device))
    if (n === 9) expect((await signIn({}, device)).status).toBe(200)
  }
  await useUp('account', await keyOf(userId))
  expect((await signIn({}, device)).status).toBe(429)
  expect((await signIn({}, knownDevice)).status).toBe(200)
})

test('what is no address is refused', async () => {
  expect((await signIn({ email: 5 })).status).toBe(400)
})

test('an address without an account has a count of its own', async () => {
  const nobody = { email: 'nobody@example.com' }
  await useUp('account', await keyOf(nobody.email))
  expect((await signIn(nobody)).status).toBe(429)
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
