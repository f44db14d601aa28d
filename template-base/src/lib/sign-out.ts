import type { QueryClient } from '@tanstack/react-query'
import { ConvexError } from 'convex/values'
import { authClient, failureOf } from './auth-client'

const CHANNEL = 'session'
const RELOADED_AT = 'reloaded-at'

let leavingTo: string | undefined

/** Signs out, which every tab of the browser hears. Answers why it could not. */
export async function signOut(): Promise<string | undefined> {
  // Without a signal: every tab loads afresh, and asks for no token before that.
  const failure = await failureOf(authClient.signOut({ fetchOptions: { disableSignal: true } }))
  if (failure) return failure.message
  new BroadcastChannel(CHANNEL).postMessage(null)
}

/** Deletes the account and leaves the page. Answers why it could not. */
export async function deleteAccount(password: string): Promise<string | undefined> {
  leavingTo = '/'
  const failure = await failureOf(authClient.deleteUser(password ? { password } : {}))
  if (!failure) location.assign(leavingTo)
  else leavingTo = undefined
  return failure?.message
}

/**
 * Loads this tab anew when its session ends, here or elsewhere, and when another
 * tab has another user: the server then says who is signed in, and `expectAuth`
 * holds queries back only until the first sign-in. Returns the clean-up.
 */
export function followSession(queryClient: QueryClient, userId: string | null): () => void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.addEventListener('message', ({ data }) => data !== userId && location.reload())
  channel.postMessage(userId)
  const unsubscribe = queryClient.getQueryCache().subscribe(({ query: { state } }) => {
    if (state.error instanceof ConvexError && state.error.data === 'Unauthenticated') startAfresh()
  })
  return () => {
    unsubscribe()
    channel.close()
  }
}

/** Not again and again, should Convex and the app's server disagree. */
function startAfresh() {
  if (leavingTo) return location.assign(leavingTo)
  if (Date.now() - Number(sessionStorage.getItem(RELOADED_AT)) < 10_000) return
  sessionStorage.setItem(RELOADED_AT, String(Date.now()))
  location.reload()
}
