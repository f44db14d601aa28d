const CANCELLED = 'The sign-in was cancelled.'
const LATE = 'The sign-in did not work: it took too long, or began in another browser. Start again.'
const AWAY = 'The sign-in did not work this time. Try again in a few minutes.'
const UNREGISTERED = 'The provider does not know this app. Its owner has to check how it is set up.'

/** What Better Auth says on the way back from a provider, and what providers say themselves. */
const words = new Map<string, string>([
  ['access_denied', CANCELLED],
  ['user_cancelled_login', CANCELLED],

  [
    'account_not_linked',
    'There is an account with this e-mail address already. Sign in the way you did before, then connect this one in the settings, under “Sign-in methods”.',
  ],
  [
    'unable_to_link_account',
    'The account could not be connected. Confirm its e-mail address with the provider, then try again.',
  ],
  [
    'account_already_linked_to_different_user',
    'Somebody else here has connected that account. Sign in with it to disconnect it there first.',
  ],
  [
    "email_doesn't_match",
    'That account has another e-mail address than yours here: only one with the same can be connected.',
  ],
  [
    'email_not_found',
    'The provider gave no e-mail address. Add one there, or use an account with a password here.',
  ],
  ['unable_to_get_user_info', 'The provider did not say who you are. Try again in a few minutes.'],
  ['signup_disabled', 'You have no account here, and new ones are not accepted this way.'],

  ['state_mismatch', LATE],
  ['state_not_found', LATE],
  ['state_invalid', LATE],
  ['please_restart_the_process', LATE],
  ['no_code', LATE],
  ['invalid_callback_request', LATE],
  ['bad_verification_code', LATE],

  ['unable_to_create_user', AWAY],
  ['unable_to_create_session', AWAY],
  ['internal_server_error', AWAY],
  ['server_error', AWAY],
  ['temporarily_unavailable', AWAY],
  ['no_callback_url', AWAY],

  ['invalid_code', UNREGISTERED],
  ['oauth_provider_not_found', UNREGISTERED],
  ['invalid_request', UNREGISTERED],
  ['invalid_scope', UNREGISTERED],
  ['unauthorized_client', UNREGISTERED],
  ['unsupported_response_type', UNREGISTERED],
  ['redirect_uri_mismatch', UNREGISTERED],
  ['application_suspended', UNREGISTERED],
])

/** Why the provider, or Better Auth on the way back from it, said no: `?error=`, in words. */
export function explainError(error: unknown): string | undefined {
  if (typeof error !== 'string') return
  // Anybody can make a link with a text in it: only what looks like a code is shown.
  const code = /^\w{1,40}$/.test(error) ? ` (${error})` : ''
  return words.get(error) ?? `The sign-in did not work${code}. Try again.`
}

/** Where somebody who is signed in reads it. */
export const inSettings = (error: string) => `/settings?${new URLSearchParams({ error })}`

/** Better Auth has no words for a provider, or a backend, that fails while somebody comes back. */
export const failedOnTheWayBack = ({ url }: Request, response: Response | undefined) =>
  new URL(url).pathname.startsWith('/api/auth/callback/') && (!response || response.status >= 500)

export const sayItFailed = () =>
  new Response(null, { status: 302, headers: { Location: '/sign-in?error=server_error' } })
