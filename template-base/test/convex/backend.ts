/// <reference types="vite/client" />
import betterAuth from '@convex-dev/better-auth/test'
import rateLimiter from '@convex-dev/rate-limiter/test'
import { convexTest, type TestConvex } from 'convex-test'
import { components } from '../../convex/_generated/api'
import schema from '../../convex/schema'
// @slot imports

const modules = import.meta.glob(['../../convex/**/*.{ts,tsx,js}'])

export type Backend = TestConvex<typeof schema>

/** A fresh, empty backend, the tables of its components included. */
export function startBackend(): Backend {
  const backend = convexTest(schema, modules)
  betterAuth.register(backend)
  rateLimiter.register(backend)
  // @slot components
  return backend
}

/** Calls Better Auth as the browser does. */
export const postAuth = (
  backend: Pick<Backend, 'fetch'>,
  path: string,
  body: object,
  cookie = '',
) =>
  backend.fetch(`/api/auth/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: process.env.SITE_URL ?? '',
      cookie,
    },
    body: JSON.stringify(body),
  })

/** A new account with a password; answers its first sign-in. */
export async function signUp(
  backend: Backend,
  user: { name: string; email: string; password: string },
) {
  await postAuth(backend, 'sign-up/email', user)
  // @slot confirmation
  return postAuth(backend, 'sign-in/email', user)
}

/** The Cookie header of a browser that got this response. */
export const cookieOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

/** The backend as a new user sees it, who has no password. */
export async function newUser(backend: Backend, name: string) {
  const now = Date.now()
  const email = `${name.toLowerCase()}@example.com`
  const data = { name, email, emailVerified: true, createdAt: now, updatedAt: now }
  const user = await create(backend, { model: 'user', data })
  return newSession(backend, user._id)
}

/** The backend as the user sees it on one more device. */
export async function newSession(
  backend: Backend,
  userId: string,
  expiresAt = Date.now() + 60_000,
) {
  const now = Date.now()
  const token = crypto.randomUUID()
  const data = { userId, token, expiresAt, createdAt: now, updatedAt: now }
  const session = await create(backend, { model: 'session', data })
  const identity = { subject: userId, sessionId: session._id }
  return Object.assign(backend.withIdentity(identity), { userId, sessionId: session._id, token })
}

type Create = typeof components.betterAuth.adapter.create

const create = (backend: Backend, input: Create['_args']['input']): Promise<{ _id: string }> =>
  backend.mutation(components.betterAuth.adapter.create, { input })
