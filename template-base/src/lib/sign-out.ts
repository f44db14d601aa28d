import { authClient } from './auth-client'

const CHANNEL = 'signed-out'

/** Signs out here and in the browser's other tabs. Answers why it could not. */
export async function signOut(): Promise<string | undefined> {
  const { error } = await authClient.signOut()
  if (error) return error.message ?? 'The server could not be reached.'
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
