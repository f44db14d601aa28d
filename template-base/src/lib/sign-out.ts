import type { Query, QueryClient } from '@tanstack/react-query'
import { ConvexError } from 'convex/values'
import { authQuery } from './auth'

const CHANNEL = 'session'

/** Signs out, which every tab of the browser hears. Answers why it could not. */
export async function signOut() {
  const { authClient, authFailure } = await import('./auth-client')
  const failure = await authFailure(authClient.signOut())
  if (!failure) new BroadcastChannel(CHANNEL).postMessage(null)
  return failure
}

/**
 * Loads this tab anew when its session has ended, here or elsewhere, and when another
 * tab has another user: `expectAuth` holds queries back only until the first sign-in,
 * so without a fresh start the next user's would run before there is a token.
 * Returns the clean-up.
 */
export function followSession(queryClient: QueryClient, userId: string | null): () => void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.addEventListener('message', ({ data }) => data !== userId && location.reload())
  channel.postMessage(userId)
  const unsubscribe = queryClient.getQueryCache().subscribe(({ type, query }) => {
    if (type === 'updated' && isRefused(query)) void askServer(queryClient)
  })
  return () => {
    unsubscribe()
    channel.close()
  }
}

const isRefused = ({ state: { error } }: Query) =>
  error instanceof ConvexError && error.data === 'Unauthenticated'

/** Convex's word alone would load a page again and again, should the two disagree. */
async function askServer(queryClient: QueryClient) {
  // A page that ends its own session hears it from Convex, too, and is about to leave.
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const { status } = await queryClient.fetchQuery({ ...authQuery, staleTime: 0 })
  if (status === 'signed-out') location.reload()
}
