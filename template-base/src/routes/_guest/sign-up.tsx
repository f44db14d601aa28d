import { Link, createFileRoute, getRouteApi } from '@tanstack/react-router'
import { AuthPage } from '~/components/auth-page'
import { TextField } from '~/components/form-fields'
import { authClient } from '~/lib/auth-client'
import { pageTitle } from '~/lib/page-title'
import { safeRedirect } from '~/lib/safe-redirect'

const route = getRouteApi('/_guest/sign-up')

export const Route = createFileRoute('/_guest/sign-up')({
  head: () => pageTitle('Create account', 'Create an account with your email.'),
  component: SignUp,
})

function SignUp() {
  const search = route.useSearch()
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
      isNew
      submit={(fields) => authClient.signUp.email(fields)}
    >
      <TextField label="Name" name="name" autoComplete="name" dir="auto" required />
    </AuthPage>
  )
}
