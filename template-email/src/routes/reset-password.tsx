import { Link, createFileRoute, getRouteApi } from '@tanstack/react-router'
import { Form, SubmitButton, type Fields } from '~/components/form'
import { PasswordField } from '~/components/form-fields'
import { Alert } from '~/components/ui/alert'
import { buttonVariants } from '~/components/ui/button'
import { Card, CardContent } from '~/components/ui/card'
import { Page } from '~/components/ui/layout'
import { authClient, authFailure } from '~/lib/auth-client'
import { leaveLink, tokenSearch, useLinkToken } from '~/lib/link-token'
import { pageTitle } from '~/lib/page-title'

const route = getRouteApi('/reset-password')

export const Route = createFileRoute('/reset-password')({
  validateSearch: tokenSearch,
  head: () => pageTitle('Set a new password', 'Set a new password for your account.'),
  component: ResetPassword,
})

function ResetPassword() {
  const { token, forget } = useLinkToken(route.useSearch())

  async function send({ newPassword }: Fields<'newPassword'>) {
    const failure = await authFailure(authClient.resetPassword({ newPassword, token }))
    if (failure?.code === 'INVALID_TOKEN') return forget()
    if (failure) return { ...failure, field: 'newPassword' as const }
    return leaveLink()
  }

  const title = 'Set a new password'
  // Nobody knows yet, and what comes below the title moves nothing.
  if (token === undefined) return <Page title={title} width="narrow" />
  const description = token && 'It signs you out everywhere else.'
  return (
    <Page title={title} description={description} width="narrow">
      <Card>
        <CardContent>
          {token ? (
            <Form send={send}>
              <PasswordField label="New password" name="newPassword" isNew required />
              <SubmitButton pendingLabel="Setting…">Set password</SubmitButton>
            </Form>
          ) : (
            <UselessLink />
          )}
        </CardContent>
      </Card>
    </Page>
  )
}

const UselessLink = () => (
  <>
    <Alert>
      This link doesn’t work: it was used already, is more than an hour old, or is not complete.
    </Alert>
    <Link to="/forgot-password" className={buttonVariants()}>
      Ask for another
    </Link>
  </>
)
