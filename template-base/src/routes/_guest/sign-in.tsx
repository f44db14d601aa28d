import { Link, createFileRoute, getRouteApi } from '@tanstack/react-router'
import { AuthPage } from '~/components/auth-page'
import { authClient } from '~/lib/auth-client'
import { pageTitle } from '~/lib/page-title'
import { safeRedirect } from '~/lib/safe-redirect'

const route = getRouteApi('/_guest/sign-in')

export const Route = createFileRoute('/_guest/sign-in')({
  head: () => pageTitle('Sign in', 'Sign in to your account.'),
  component: SignIn,
})

function SignIn() {
  const search = route.useSearch()
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
      submit={({ email, password }) => authClient.signIn.email({ email, password })}
    />
  )
}
