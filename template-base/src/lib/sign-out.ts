import { authClient, failureOf } from './auth-client'

const CHANNEL = 'signed-out'

/** Signs out, which every tab of the browser hears. Answers why it could not. */
export async function signOut(): Promise<string | undefined> {
  // Without a signal: every tab loads afresh, and asks for no token before that.
  const failure = await failureOf(authClient.signOut({ fetchOptions: { disableSignal: true } }))
  if (failure) return failure.message
  new BroadcastChannel(CHANNEL).postMessage(null)
}

/** Reloads this tab when it, or another one, signs out. Returns the clean-up. */
export function followSignOut(): () => void {
  const channel = new BroadcastChannel(CHANNEL)
  // `expectAuth` holds queries back only until the first sign-in: without a
  // fresh start, the next user's would run before there is a token.
  channel.addEventListener('message', () => location.reload())
  return () => channel.close()
}
