import { Link, createFileRoute, redirect } from '@tanstack/react-router'
import { AuthPage } from '~/components/auth-page'
import { TextField } from '~/components/text-field'
import { authClient } from '~/lib/auth-client'
import { pageTitle } from '~/lib/page-title'
import { redirectSearch, safeRedirect } from '~/lib/safe-redirect'

export const Route = createFileRoute('/sign-up')({
  validateSearch: redirectSearch,
  beforeLoad: ({ context: { auth }, search }) => {
    if (auth.status === 'signed-in') throw redirect({ href: safeRedirect(search.redirect) })
  },
  head: () => pageTitle('Create account', 'Create an account with your email.'),
  component: SignUp,
})

function SignUp() {
  const search = Route.useSearch()
  const toSignIn = (
    <Link to="/sign-in" search={search}>
      Sign in
    </Link>
  )

  return (
    <AuthPage
      title="Create account"
      description={<>Have one already? {toSignIn}</>}
      pendingLabel="Creating account…"
      redirectTo={safeRedirect(search.redirect)}
      submit={({ name = '', email = '', password = '' }) =>
        authClient.signUp.email({ name, email, password })
      }
    >
      <TextField label="Name" name="name" autoComplete="name" dir="auto" maxLength={100} required />
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
    </AuthPage>
  )
}
