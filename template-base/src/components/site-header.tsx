import { Link, useMatch } from '@tanstack/react-router'
import { signOut } from '~/lib/auth'
import { useAttempt } from '~/lib/failure'
import { HOME } from '~/lib/home'
import { ThemeSwitch } from './theme-switch'
import { Alert } from './ui/alert'
import { Button, buttonVariants } from './ui/button'
import { Brand, Header, Nav } from './ui/layout'

const link = buttonVariants({ variant: 'ghost', size: 'sm' })

interface SiteHeaderProps {
  status: 'signed-in' | 'signed-out' | 'unreachable'
}

export const SiteHeader = ({ status }: SiteHeaderProps) => (
  <Header>
    <Brand>
      <Link to="/">
        <img src="/favicon.svg" alt="" width="24" height="24" />
        {import.meta.env.VITE_APP_NAME}
      </Link>
    </Brand>
    <ThemeSwitch />
    {status === 'signed-out' && <SignInLink />}
    {status === 'signed-in' && (
      <Nav>
        <Link to={HOME} className={link}>
          Dashboard
        </Link>
        <Link to="/settings" className={link}>
          Settings
        </Link>
        <SignOutButton />
      </Nav>
    )}
  </Header>
)

/** Not on the pages for signed-out visitors: each of those says the way to the other. */
function SignInLink() {
  const isGuestPage = useMatch({ from: '/_guest', shouldThrow: false })
  if (isGuestPage) return
  return (
    <Link to="/sign-in" className={buttonVariants({ variant: 'outline', size: 'sm' })}>
      Sign in
    </Link>
  )
}

function SignOutButton() {
  const { pending, message, attempt } = useAttempt()
  return (
    <>
      <Button variant="outline" size="sm" disabled={pending} onClick={() => attempt(signOut())}>
        {pending ? 'Signing out…' : 'Sign out'}
      </Button>
      {message && <Alert>{message}</Alert>}
    </>
  )
}
