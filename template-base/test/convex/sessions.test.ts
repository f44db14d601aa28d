import { afterEach, expect, test, vi } from 'vitest'
import { api, components, internal } from '../../convex/_generated/api'
import { newSession, newUser, startBackend, type Backend } from './backend'

afterEach(() => void vi.useRealTimers())

const HOUR = 60 * 60_000

const many = (count: number, backend: Backend, userId: string, expiresAt = Date.now() + HOUR) =>
  backend.mutation(async (ctx) => {
    for (let n = 1; n <= count; n += 1) {
      const now = Date.now()
      const times = { expiresAt, createdAt: now, updatedAt: now }
      const data = { userId, token: crypto.randomUUID(), ...times }
      const input = { model: 'session' as const, data }
      await ctx.runMutation(components.betterAuth.adapter.create, { input })
    }
  })

const rows = async (backend: Backend, model: 'session' | 'verification') => {
  const paginationOpts = { numItems: 1000, cursor: null }
  const args = { model, paginationOpts }
  return (await backend.query(components.betterAuth.adapter.findMany, args)).page
}

test('all other sessions end, however many, and nobody else’s', async () => {
  const backend = startBackend()
  const ada = await newUser(backend, 'Ada')
  const bob = await newUser(backend, 'Bob')
  await many(101, backend, ada.userId)
  const last = await newSession(backend, ada.userId)

  await ada.mutation(api.users.endOtherSessions)
  expect(await ada.query(api.users.listSessions)).toMatchObject([{ current: true }])
  await expect(last.query(api.auth.getCurrentUser)).rejects.toThrow('Unauthenticated')
  expect(await bob.query(api.auth.getCurrentUser)).toMatchObject({ name: 'Bob' })
})

test('the newest sessions are listed, the current one always, and expired ones hide none', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const backend = startBackend()
  const ada = await newUser(backend, 'Ada')
  const kept = await newSession(backend, ada.userId, Date.now() + 4 * HOUR)
  const other = await newSession(backend, ada.userId, Date.now() + 4 * HOUR)
  vi.setSystemTime(Date.now() + 1000)
  await many(102, backend, ada.userId)
  vi.setSystemTime(Date.now() + 1000)
  const newest = await newSession(backend, ada.userId, Date.now() + HOUR)

  const listed = await ada.query(api.users.listSessions)
  expect(listed).toHaveLength(100)
  expect(listed[0]?.id).toBe(newest.sessionId)
  expect(listed.find(({ current }) => current)?.id).toBe(ada.sessionId)

  vi.setSystemTime(Date.now() + 2 * HOUR)
  const later = await kept.query(api.users.listSessions)
  const live = later.filter(({ expiresAt }) => expiresAt > Date.now()).map(({ id }) => id)
  expect(live.toSorted()).toEqual([kept.sessionId, other.sessionId].toSorted())
})

// With its token somebody is in a session: who has taken one would have them all.
test.each([
  ['GET', 'list-sessions'],
  ['POST', 'get-access-token'],
  ['POST', 'refresh-token'],
  ['GET', 'account-info'],
  ['POST', 'unlink-account'],
])('nobody gets at the tokens of an account: %s %s', async (method, path) => {
  const backend = startBackend()
  const { token } = await newUser(backend, 'Ada')
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const body = method === 'POST' ? JSON.stringify({ providerId: 'credential' }) : undefined
  const answer = await backend.fetch(`/api/auth/${path}`, { method, headers, body })
  expect(answer.status).toBe(404)
})

test('an account with many sessions leaves none behind', async () => {
  const backend = startBackend()
  const ada = await newUser(backend, 'Ada')
  // Better Auth deletes them twice, and each time could end after a hundred.
  await many(201, backend, ada.userId)
  const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: '{}' }
  expect((await backend.fetch('/api/auth/delete-user', init)).status).toBe(200)
  expect(await rows(backend, 'session')).toEqual([])
})

test('every day, what has expired is deleted, however much, and nothing else', async () => {
  vi.useFakeTimers()
  const backend = startBackend()
  const ada = await newUser(backend, 'Ada')
  await many(101, backend, ada.userId, Date.now() - 1)
  for (const expiresAt of [Date.now() - 1, Date.now() + HOUR]) {
    const data = { identifier: 'a', value: 'b', expiresAt, createdAt: 0, updatedAt: 0 }
    const input = { model: 'verification' as const, data }
    await backend.mutation(components.betterAuth.adapter.create, { input })
  }
  await backend.mutation(internal.crons.deleteExpired)
  await backend.finishAllScheduledFunctions(vi.runAllTimers)

  expect(await rows(backend, 'session')).toMatchObject([{ _id: ada.sessionId }])
  expect(await rows(backend, 'verification')).toHaveLength(1)
})
