import { convexClient } from '@convex-dev/better-auth/client/plugins'
import { createAuthClient } from 'better-auth/react'
import type { Failure } from './failure'

export const authClient = createAuthClient({
  plugins: [convexClient()],
  fetchOptions: { timeout: 10_000 },
})

type Call = Promise<{ error: { code?: string; message?: string } | null }>

/** What went wrong with a call of `authClient`, and Better Auth's code for it. */
export async function authFailure(call: Call): Promise<(Failure & { code?: string }) | undefined> {
  const message = 'The server could not be reached. Try again in a moment.'
  const { error } = await call.catch(() => ({ error: { message } }))
  if (!error) return undefined
  // Better Auth names the field first: `[body.email] Invalid email address`.
  return { ...error, message: (error.message ?? message).replace(/^\[[\w.]+\] /, '') }
}
