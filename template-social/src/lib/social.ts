import type { Provider } from '~/components/social-providers'
import { authFailure } from './auth-client'
import type { Failure } from './failure'
import { shownAgain } from './leave-to'

type Answer = Parameters<typeof authFailure>[0]

interface Trip {
  /** The path where it ends. */
  back: string
  /** The path for a failure, with `?error=` added: see ./social-errors.ts. */
  failed: string
}

/**
 * Goes to a provider with a call of `authClient`, and answers why it could not. Better Auth
 * takes URLs of this site, but refuses paths with `*`, `%`, `#` and others in them.
 */
export async function goToProvider(
  { name }: Provider,
  { back, failed }: Trip,
  call: (urls: { callbackURL: string; errorCallbackURL: string }) => Answer,
): Promise<Failure | undefined> {
  const url = (path: string) => new URL(path, location.origin).href
  const answer = call({ callbackURL: url(back), errorCallbackURL: url(failed) })
  const failure = await authFailure(answer)
  if (!failure) return shownAgain().then(() => undefined)
  if (failure.code !== 'PROVIDER_NOT_FOUND') return failure
  return { message: `${name} is not set up yet. ${MISSING}` }
}

const MISSING = 'Its client ID and secret are missing on the Convex deployment; see README.md.'
