import { expect, test } from 'vitest'
import { cookieOf, postAuth, startBackend } from './backend'

test('a new user is signed in at once', async () => {
  const backend = startBackend()
  const body = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }
  const cookie = cookieOf(await postAuth(backend, 'sign-up/email', body))
  const session = await backend.fetch('/api/auth/get-session', { headers: { cookie } })
  expect(await session.json()).toMatchObject({ user: { email: body.email } })
})
