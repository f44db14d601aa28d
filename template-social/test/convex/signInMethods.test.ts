import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { api, components } from '../../convex/_generated/api'
import { socialProviders, toUser } from '../../convex/socialProviders'
import { newUser, postAuth, startBackend, type Backend } from './backend'

const [provider = ''] = Object.keys(socialProviders())
let backend: Backend
let ada: Awaited<ReturnType<typeof newUser>>

beforeEach(async () => {
  vi.stubEnv(`${provider.toUpperCase()}_CLIENT_ID`, 'registered')
  vi.stubEnv(`${provider.toUpperCase()}_CLIENT_SECRET`, 'registered')
  backend = startBackend()
  ada = await newUser(backend, 'Ada')
  await connect(ada, provider)
})
afterEach(() => void vi.unstubAllEnvs())

/** As the way back from a provider does. */
function connect({ userId }: { userId: string }, providerId: string) {
  const now = Date.now()
  const accountId = `${userId} at ${providerId}`
  const data = { userId, providerId, accountId, createdAt: now, updatedAt: now }
  const input = { model: 'account' as const, data }
  return backend.mutation(components.betterAuth.adapter.create, { input })
}

const methods = () => ada.query(api.signInMethods.list)
const disconnect = () => ada.mutation(api.signInMethods.disconnect, { provider })
const setPassword = (newPassword = 'a new password') =>
  ada.mutation(api.signInMethods.setPassword, { newPassword })

test('the last way to sign in stays', async () => {
  const refusal = 'You could not sign in any more'
  const isLast = { hasPassword: false, connected: [{ provider, isLast: true }] }
  expect(await methods()).toEqual(isLast)
  await expect(disconnect()).rejects.toThrow(refusal)
  await connect(ada, 'a provider that is off')
  await expect(disconnect()).rejects.toThrow(refusal)

  await setPassword()
  await disconnect()
  expect((await methods()).connected.map((one) => one.provider)).not.toContain(provider)
})

test('who has a password sets no other, and signs in with it', async () => {
  await expect(setPassword('short')).rejects.toThrow('Password too short')
  await setPassword()
  await expect(setPassword('another password')).rejects.toThrow('already')
  const credentials = { email: 'ada@example.com', password: 'a new password' }
  expect((await postAuth(backend, 'sign-in/email', credentials)).status).toBe(200)
})

test('a session of yesterday changes nothing', async () => {
  const input = {
    model: 'session' as const,
    where: [{ field: '_id' as const, value: ada.sessionId }],
    update: { createdAt: Date.now() - 25 * 60 * 60_000 },
  }
  await setPassword()
  await backend.mutation(components.betterAuth.adapter.updateOne, { input })
  await expect(disconnect()).rejects.toThrow('sign out and in again')
  await expect(setPassword()).rejects.toThrow('sign out and in again')
})

test("nobody disconnects another's account, and nobody goes past these functions", async () => {
  const bob = await newUser(backend, 'Bob')
  await connect(bob, provider)
  await setPassword()
  await disconnect()
  expect((await bob.query(api.signInMethods.list)).connected).toHaveLength(1)
  expect((await postAuth(backend, 'unlink-account', { providerId: provider })).status).toBe(404)
})

test.each([
  [{ name: ' Ada ', login: 'ada' }, 'Ada'],
  [{ name: null, login: 'ada' }, 'ada'],
  [{ name: ' ', email: 'ada@example.com' }, 'ada@example.com'],
  [{ name: '🦊'.repeat(300) }, '🦊'.repeat(100)],
])('a provider’s name for a user: %#', (profile, name) => {
  expect(toUser(profile).name).toBe(name)
})

test('an image that is too long is left out', () => {
  const image = 'https://provider.example/a.png'
  expect(toUser({ picture: image }).image).toBe(image)
  expect(toUser({ avatar_url: image + 'x'.repeat(5000) }).image).toBeUndefined()
})
