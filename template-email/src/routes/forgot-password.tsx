import { Link, createFileRoute, getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { Form, SubmitButton, type Fields } from '~/components/form'
import { TextField } from '~/components/form-fields'
import { WhereMailsAre } from '~/components/inbox'
import { Notice } from '~/components/ui/alert'
import { Card, CardContent } from '~/components/ui/card'
import { Page } from '~/components/ui/layout'
import { authClient, authFailure } from '~/lib/auth-client'
import { pageTitle } from '~/lib/page-title'
import { keepReturnPath } from '~/lib/return-path'
import { redirectSearch, safeRedirect } from '~/lib/safe-redirect'

const route = getRouteApi('/forgot-password')

// For who is signed in, too: a mail leads here when somebody else has changed the password.
export const Route = createFileRoute('/forgot-password')({
  validateSearch: redirectSearch,
  head: () => pageTitle('Forgot password', 'Set a new password by e-mail.'),
  component: ForgotPassword,
})

function ForgotPassword() {
  const search = route.useSearch()
  const [sent, setSent] = useState(false)

  async function send({ email }: Fields<'email'>) {
    setSent(false)
    const failure = await authFailure(authClient.requestPasswordReset({ email }))
    if (failure) return failure
    keepReturnPath(safeRedirect(search.redirect))
    setSent(true)
  }

  const toSignIn = (
    <Link to="/sign-in" search={search}>
      Sign in
    </Link>
  )
  return (
    <Page title="Forgot password" description={<>Remember it? {toSignIn}</>} width="narrow">
      <Card>
        <CardContent>
          <Form send={send}>
            <TextField label="Email" name="email" type="email" autoComplete="username" required />
            <SubmitButton pendingLabel="Sending…">Send link</SubmitButton>
            {sent && (
              <Notice>
                If there is an account with this address, it gets a mail with a link, which works
                for an hour. Nothing there after a minute? Look at how you wrote the address, and
                into the spam.
              </Notice>
            )}
            {sent && <WhereMailsAre />}
          </Form>
        </CardContent>
      </Card>
    </Page>
  )
}
