import { Link, createFileRoute, getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { Form, SubmitButton, type Fields } from '~/components/form'
import { PasswordField } from '~/components/form-fields'
import { Alert } from '~/components/ui/alert'
import { buttonVariants } from '~/components/ui/button'
import { Card, CardContent } from '~/components/ui/card'
import { Page } from '~/components/ui/layout'
import { authClient, authFailure } from '~/lib/auth-client'
import { leaveTo } from '~/lib/leave-to'
import { tokenSearch, useLinkToken } from '~/lib/link-token'
import { pageTitle } from '~/lib/page-title'
import { takeReturnPath } from '~/lib/return-path'

const route = getRouteApi('/reset-password')

export const Route = createFileRoute('/reset-password')({
  validateSearch: tokenSearch,
  head: () => pageTitle('Set a new password', 'Set a new password for your account.'),
  component: ResetPassword,
})

function ResetPassword() {
  const token = useLinkToken(route.useSearch())
  const [isUseless, setUseless] = useState(!token)

  async function send({ newPassword }: Fields<'newPassword'>) {
    const failure = await authFailure(authClient.resetPassword({ newPassword, token }))
    if (failure?.code === 'INVALID_TOKEN') return setUseless(true)
    if (failure) return { ...failure, field: 'newPassword' as const }
    return leaveTo(takeReturnPath())
  }

  const description = isUseless ? undefined : 'It signs you out everywhere else.'
  return (
    <Page title="Set a new password" description={description} width="narrow">
      <Card>
        <CardContent>
          {isUseless ? (
            <UselessLink />
          ) : (
            <Form send={send}>
              <PasswordField label="New password" name="newPassword" isNew required />
              <SubmitButton pendingLabel="Setting…">Set password</SubmitButton>
            </Form>
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
