import { Link, createFileRoute, redirect } from '@tanstack/react-router'
import { AuthForm } from '~/components/auth-form'
// @slot imports
import { TextField } from '~/components/text-field'
import { Card, CardContent } from '~/components/ui/card'
import { Page } from '~/components/ui/layout'
import { authClient } from '~/lib/auth-client'
import { redirectSearch, safeRedirect } from '~/lib/safe-redirect'
import { pageTitle } from '~/lib/page-title'

export const Route = createFileRoute('/sign-in')({
  validateSearch: redirectSearch,
  beforeLoad: ({ context: { auth }, search }) => {
    if (auth.status === 'signed-in') {
      throw redirect({ href: safeRedirect(search.redirect) })
    }
  },
  head: () => pageTitle('Sign in'),
  component: SignIn,
})

function SignIn() {
  const search = Route.useSearch()
  const redirectTo = safeRedirect(search.redirect)

  return (
    <Page
      title="Sign in"
      description={
        <>
          No account yet?{' '}
          <Link to="/sign-up" search={search}>
            Create one
          </Link>
        </>
      }
      width="narrow"
    >
      <Card>
        <CardContent>
          <AuthForm
            submit={({ email = '', password = '' }) => authClient.signIn.email({ email, password })}
            redirectTo={redirectTo}
            submitLabel="Sign in"
            pendingLabel="Signing in…"
          >
            <TextField label="Email" name="email" type="email" autoComplete="username" required />
            <TextField
              label="Password"
              name="password"
              type="password"
              autoComplete="current-password"
              required
            />
          </AuthForm>
          {/* @slot social */}
        </CardContent>
      </Card>
    </Page>
  )
}
