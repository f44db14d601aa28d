import { afterEach, expect, test, vi } from 'vitest'
import { components } from '../../convex/_generated/api'
import { cookieOf, postAuth, signUp, startBackend } from './backend'

afterEach(() => void vi.unstubAllEnvs())

test('after another secret everyone is signed out, and can sign in again', async () => {
  const backend = startBackend()
  const keys = async () => {
    const args = { model: 'jwks' as const, paginationOpts: { numItems: 10, cursor: null } }
    return (await backend.query(components.betterAuth.adapter.findMany, args)).page
  }
  const token = (cookie: string) => backend.fetch('/api/auth/convex/token', { headers: { cookie } })
  const user = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }
  const before = cookieOf(await signUp(backend, user))
  expect((await token(before)).status).toBe(200)
  const [old] = await keys()

  vi.stubEnv('BETTER_AUTH_SECRET', 'another-secret-another-secret-another-secret')
  expect((await token(before)).status).toBe(401)
  const after = cookieOf(await postAuth(backend, 'sign-in/email', user))
  expect((await token(after)).status).toBe(200)
  const [now, ...others] = await keys()
  expect(others).toEqual([])
  expect(now._id).not.toBe(old._id)
}, 30_000)

test('Convex may keep the public keys for a minute', async () => {
  const response = await startBackend().fetch('/api/auth/convex/jwks')
  expect(response.headers.get('cache-control')).toBe('public, max-age=60')
})
