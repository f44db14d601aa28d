import { convexClient } from '@convex-dev/better-auth/client/plugins'
import type { AuthClient } from '@convex-dev/better-auth/react'
import { createAuthClient } from 'better-auth/react'

export const authClient = createAuthClient({
  plugins: [convexClient()],
})

/**
 * What `ConvexBetterAuthProvider` needs of a client. Signing in and out load the page
 * anew, so it lives with the session that the server found: Better Auth's `useSession`
 * would ask for it again, and sign Convex out and in when the answer comes.
 */
export const authClientOfPage = (signedIn: boolean) =>
  ({
    convex: authClient.convex,
    useSession: () => ({ data: signedIn ? { session: {} } : null, isPending: false }),
  }) as unknown as AuthClient

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
