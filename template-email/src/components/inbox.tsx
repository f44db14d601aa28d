import { convexQuery } from '@convex-dev/react-query'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { api } from '~/convex/_generated/api'
import { authClient, authFailure } from '~/lib/auth-client'
import { keepReturnPath } from '~/lib/return-path'
import { Notice } from './ui/alert'

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Where the mail went: in the address, it would be in every log on the way. */
    email?: string
  }
}

/** Whether an answer to a sign-in or sign-up asks for a confirmed address. */
export const isUnconfirmed = (failure: { code?: string } | undefined, isNew = false) =>
  failure ? failure.code === 'EMAIL_NOT_VERIFIED' : isNew

/**
 * Goes to "Check your inbox", and by the link there to the page to return to. A new account's
 * mail is under way; else one is asked for. Answers why there is none.
 */
export function useInbox(redirectTo: string) {
  const navigate = useNavigate()
  return async (email: string, isNew = false) => {
    const failure = isNew
      ? undefined
      : await authFailure(authClient.sendVerificationEmail({ email }))
    // After too many, the last ones are in the inbox.
    if (failure && failure.code !== 'TOO_MANY_MAILS') return failure
    keepReturnPath(redirectTo)
    await navigate({ to: '/verify-email', state: { email } })
  }
}

/** The way to a new password, with the page to return to. */
export function ForgotPassword() {
  const search: { redirect?: string } = useSearch({ strict: false })
  return (
    <p>
      <Link to="/forgot-password" search={search}>
        Forgot password?
      </Link>
    </p>
  )
}

/** Where mails are as long as no key sends them: on their author's machine. */
export function WhereMailsAre() {
  const { data } = useQuery(convexQuery(api.email.delivery, {}))
  if (data !== 'logged') return null
  return (
    <Notice>
      No key yet: the mail is in your Convex log, where <code>convex dev</code> runs, with its link.
    </Notice>
  )
}
