import { authClient, failureOf } from './auth-client'

const CHANNEL = 'signed-out'

/** Signs out here and in the browser's other tabs. Answers why it could not. */
export async function signOut(): Promise<string | undefined> {
  const failure = await failureOf(authClient.signOut())
  if (failure) return failure.message
  new BroadcastChannel(CHANNEL).postMessage(null)
  reload()
}

/** Reloads this tab when another one signs out. Returns the clean-up. */
export function followSignOut(): () => void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.addEventListener('message', reload)
  return () => channel.close()
}

// `expectAuth` holds queries back only until the first sign-in: without a fresh
// start, the next user's would run before there is a token.
const reload = () => location.reload()
