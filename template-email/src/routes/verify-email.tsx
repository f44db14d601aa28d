import {
  Link,
  createFileRoute,
  getRouteApi,
  useHydrated,
  useRouterState,
} from '@tanstack/react-router'
import { useState } from 'react'
import { Form, SubmitButton, type Fields } from '~/components/form'
import { TextField } from '~/components/form-fields'
import { WhereMailsAre } from '~/components/inbox'
import { Alert, Notice } from '~/components/ui/alert'
import { buttonVariants } from '~/components/ui/button'
import { Card, CardContent } from '~/components/ui/card'
import { Page } from '~/components/ui/layout'
import { authClient, authFailure } from '~/lib/auth-client'
import { isForChange, leaveLink, tokenSearch, useLinkToken } from '~/lib/link-token'
import { pageTitle } from '~/lib/page-title'

const route = getRouteApi('/verify-email')

export const Route = createFileRoute('/verify-email')({
  validateSearch: tokenSearch,
  head: () => pageTitle('Confirm your address', 'Confirm that an address is yours.'),
  component: VerifyEmail,
})

interface Problem {
  message: string
  /** Whether another mail would help. */
  sendAgain?: boolean
}

/** What Better Auth, or convex/accountMails.ts, says of a link. */
const PROBLEMS: Record<string, Problem> = {
  TOKEN_EXPIRED: { message: 'This link has run out: it works for an hour.', sendAgain: true },
  INVALID_TOKEN: {
    message: 'This link is not complete. Open it in the mail again, or get another.',
    sendAgain: true,
  },
  ALREADY_CONFIRMED: { message: 'This address is confirmed already: sign in with it.' },
  USER_NOT_FOUND: { message: 'This link was used already, or its account is gone.' },
  ACCOUNT_CHANGED: { message: 'The account has changed since this link was sent. Get another.' },
  ADDRESS_TAKEN: {
    message: 'This address has an account already: sign in with it, or set a new password for it.',
  },
  SIGN_IN_FIRST: {
    message: 'Sign in to the account that is to have this address, then open the link again.',
  },
  INVALID_USER: {
    message: 'This link is for another account. Sign out first, then open it again.',
  },
}

/** No mail of this page's would help. */
const NO_CHANGE: Problem = {
  message:
    'This link has run out, or is not complete. Sign in, and ask for another in the settings.',
}

function VerifyEmail() {
  const { token } = useLinkToken(route.useSearch())
  const [problem, setProblem] = useState<Problem>()
  if (!token || problem) return <CheckInbox problem={problem} />
  const isChange = isForChange(token)

  async function confirm() {
    const fetchOptions = { headers: { 'x-confirm': 'true' } }
    const failure = await authFailure(
      authClient.verifyEmail({ query: { token: token ?? '' }, fetchOptions }),
    )
    if (!failure) return leaveLink()
    const found = PROBLEMS[failure.code ?? '']
    if (!found) return failure
    setProblem(isChange && found.sendAgain ? NO_CHANGE : found)
  }

  return (
    <Page
      title={isChange ? 'Confirm your new address' : 'Confirm your address'}
      description={`One click, and you ${isChange ? 'sign in with it' : 'are signed in'}.`}
      width="narrow"
    >
      <Card>
        <CardContent>
          <Form send={confirm}>
            <SubmitButton pendingLabel="Confirming…">Confirm address</SubmitButton>
          </Form>
        </CardContent>
      </Card>
    </Page>
  )
}

/** Where a sign-up leads, and a link that doesn't work. */
function CheckInbox({ problem }: { problem?: Problem }) {
  const { auth } = route.useRouteContext()
  // The server doesn't know the history's state.
  const isHydrated = useHydrated()
  const state = useRouterState({ select: ({ location }) => location.state })
  const email = isHydrated ? state.email : undefined
  const mail = `Open the link that was sent to ${email ?? 'you'}. It works for an hour.`

  return (
    <Page
      title={problem ? 'Confirm your address' : 'Check your inbox'}
      description={!problem && mail}
      width="narrow"
    >
      <Card>
        <CardContent>
          {problem && <Alert>{problem.message}</Alert>}
          {auth.status === 'signed-in' ? (
            <Link to="/settings" className={buttonVariants()}>
              Go to the settings
            </Link>
          ) : problem && !problem.sendAgain ? (
            <Link to="/sign-in" className={buttonVariants()}>
              Sign in
            </Link>
          ) : (
            <SendAgain key={email} email={email} />
          )}
        </CardContent>
      </Card>
    </Page>
  )
}

function SendAgain({ email }: { email?: string }) {
  const [sent, setSent] = useState(false)

  async function send(fields: Fields<'email'>) {
    setSent(false)
    const failure = await authFailure(authClient.sendVerificationEmail(fields))
    if (failure) return failure
    setSent(true)
  }

  return (
    <Form send={send}>
      <WhereMailsAre />
      <TextField
        label="Email"
        name="email"
        type="email"
        autoComplete="username"
        defaultValue={email}
        required
      />
      <SubmitButton variant="outline" pendingLabel="Sending…">
        Send again
      </SubmitButton>
      {sent && (
        <Notice>
          If an account waits for this address to be confirmed, another mail is on its way. Look
          into the spam, too.
        </Notice>
      )}
    </Form>
  )
}
