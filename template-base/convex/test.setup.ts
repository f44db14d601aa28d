/// <reference types="vite/client" />
import { register } from '@convex-dev/better-auth/test'
import { convexTest, type TestConvex } from 'convex-test'
import schema from './schema'

const modules = import.meta.glob(['./**/*.{ts,js}', '!./**/*.test.ts'])

export type Backend = TestConvex<typeof schema>

export const PASSWORD = 'correct horse battery'

/** A fresh, empty backend, Better Auth's tables included. */
export function startBackend(): Backend {
  const backend = convexTest(schema, modules)
  register(backend)
  return backend
}

/** Calls Better Auth as the browser does. */
export const postAuth = (backend: Backend, path: string, body: object) =>
  backend.fetch(`/api/auth/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: process.env.SITE_URL ?? '',
    },
    body: JSON.stringify(body),
  })

/** Signs up, and answers the backend as this new user sees it. */
export async function signUp(backend: Backend, name: string) {
  const email = `${name.toLowerCase()}@example.com`
  const body = { name, email, password: PASSWORD }
  return asUser(backend, await postAuth(backend, 'sign-up/email', body))
}

/** The backend as the user sees it whose session the response starts. */
export function asUser(backend: Backend, response: Response) {
  const cookies = response.headers.getSetCookie().join()
  const payload = /convex_jwt=[^.]+\.([^.]+)\./.exec(cookies)?.[1]
  if (!payload) throw new Error(`No token: ${response.status}`)
  const json = atob(payload.replaceAll('-', '+').replaceAll('_', '/'))
  const claims = JSON.parse(json)
  return backend.withIdentity({ ...claims, subject: claims.sub })
}
