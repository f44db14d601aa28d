import { Link, createFileRoute, redirect } from '@tanstack/react-router'
import { AuthForm } from '~/components/auth-form'
// @slot imports
import { TextField } from '~/components/text-field'
import { Card, CardContent } from '~/components/ui/card'
import { Page } from '~/components/ui/layout'
import { authClient } from '~/lib/auth-client'
import { pageTitle } from '~/lib/page-title'
import { redirectSearch, safeRedirect } from '~/lib/safe-redirect'

export const Route = createFileRoute('/sign-up')({
  validateSearch: redirectSearch,
  beforeLoad: ({ context: { auth }, search }) => {
    if (auth.status === 'signed-in') {
      throw redirect({ href: safeRedirect(search.redirect) })
    }
  },
  head: () => pageTitle('Create account'),
  component: SignUp,
})

function SignUp() {
  const search = Route.useSearch()
  const redirectTo = safeRedirect(search.redirect)

  return (
    <Page
      title="Create account"
      description={
        <>
          Have one already?{' '}
          <Link to="/sign-in" search={search}>
            Sign in
          </Link>
        </>
      }
      width="narrow"
    >
      <Card>
        <CardContent>
          <AuthForm
            submit={({ name = '', email = '', password = '' }) =>
              authClient.signUp.email({ name, email, password })
            }
            redirectTo={redirectTo}
            submitLabel="Create account"
            pendingLabel="Creating account…"
          >
            <TextField label="Name" name="name" autoComplete="name" required />
            <TextField label="Email" name="email" type="email" autoComplete="username" required />
            <TextField
              label="Password"
              description="At least 8 characters"
              name="password"
              type="password"
              autoComplete="new-password"
              minLength={8}
              maxLength={128}
              required
            />
          </AuthForm>
          {/* @slot social */}
        </CardContent>
      </Card>
    </Page>
  )
}
