import { Link } from '@tanstack/react-router'
import { useAttempt } from '~/lib/failure'
import { signOut } from '~/lib/auth'
import { ThemeSwitch } from './theme-switch'
import { Alert } from './ui/alert'
import { Button, buttonVariants } from './ui/button'
import { Brand, Header, Nav } from './ui/layout'

const link = buttonVariants({ variant: 'ghost', size: 'sm' })

export const SiteHeader = ({ signedIn }: { signedIn: boolean }) => (
  <Header>
    <Link to="/">
      <Brand>
        <img src="/favicon.svg" alt="" width="24" height="24" />
        {import.meta.env.VITE_APP_NAME}
      </Brand>
    </Link>
    <ThemeSwitch />
    {signedIn && (
      <Nav>
        <Link to="/dashboard" className={link}>
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
