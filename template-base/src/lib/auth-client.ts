import { convexClient } from '@convex-dev/better-auth/client/plugins'
import { createAuthClient } from 'better-auth/react'

export const authClient = createAuthClient({
  plugins: [convexClient()],
})

interface Failure {
  code?: string
  message: string
}

/** What went wrong with a call of `authClient`, in words for the user. */
export async function failureOf(
  call: Promise<{ error: Partial<Failure> | null }>,
): Promise<Failure | undefined> {
  const message = 'The server could not be reached. Try again in a moment.'
  try {
    const { error } = await call
    return error ? { message, ...error } : undefined
  } catch {
    return { message }
  }
}
