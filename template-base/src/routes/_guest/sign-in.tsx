import { Link, createFileRoute, redirect } from '@tanstack/react-router'
import { AuthPage } from '~/components/auth-page'
import { TextField } from '~/components/text-field'
import { authClient } from '~/lib/auth-client'
import { pageTitle } from '~/lib/page-title'
import { redirectSearch, safeRedirect } from '~/lib/safe-redirect'

export const Route = createFileRoute('/sign-in')({
  validateSearch: redirectSearch,
  beforeLoad: ({ context: { auth }, search }) => {
    if (auth.status === 'signed-in') throw redirect({ href: safeRedirect(search.redirect) })
  },
  head: () => pageTitle('Sign in', 'Sign in to your account.'),
  component: SignIn,
})

function SignIn() {
  const search = Route.useSearch()
  const toSignUp = (
    <Link to="/sign-up" search={search}>
      Create one
    </Link>
  )

  return (
    <AuthPage
      title="Sign in"
      description={<>No account yet? {toSignUp}</>}
      pendingLabel="Signing in…"
      redirectTo={safeRedirect(search.redirect)}
      submit={({ email = '', password = '' }) => authClient.signIn.email({ email, password })}
    >
      <TextField label="Email" name="email" type="email" autoComplete="username" required />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
      />
    </AuthPage>
  )
}
