import { convexClient } from '@convex-dev/better-auth/client/plugins'
import { createAuthClient } from 'better-auth/react'
import type { Failure } from './failure'

export const authClient = createAuthClient({
  plugins: [convexClient()],
  fetchOptions: { timeout: 10_000 },
})

const STALE = 'For your safety, sign out and in again first: you have been signed in for long.'

type Call = Promise<{ error: { code?: string; message?: string } | null }>

/** What went wrong with a call of `authClient`, and Better Auth's code for it. */
export async function authFailure(call: Call): Promise<(Failure & { code?: string }) | undefined> {
  const message = 'The server could not be reached. Try again in a moment.'
  const { error }: Awaited<Call> = await call.catch(() => ({ error: { message } }))
  if (!error) return undefined
  // Better Auth's own words are those for a session that has ended.
  if (error.code === 'SESSION_EXPIRED') return { ...error, message: STALE }
  // Better Auth names the field first: `[body.email] Invalid email address`.
  return { ...error, message: (error.message ?? message).replace(/^\[[\w.]+\] /, '') }
}
