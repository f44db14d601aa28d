import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Auth } from '~/lib/auth'
import { signOut } from '~/lib/sign-out'
import { ThemeSwitch } from './theme-switch'
import { Alert } from './ui/alert'
import { Button, buttonVariants } from './ui/button'
import { Brand, Header, Nav } from './ui/layout'

const link = buttonVariants({ variant: 'ghost', size: 'sm' })

export function SiteHeader({ authStatus }: { authStatus: Auth['status'] }) {
  return (
    <Header>
      <Link to="/">
        <Brand>
          <img src="/favicon.svg" alt="" width="24" height="24" />
          {import.meta.env.VITE_APP_NAME}
        </Brand>
      </Link>
      <ThemeSwitch />
      {authStatus === 'signed-in' && (
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
}

function SignOutButton() {
  const [pending, setPending] = useState(false)
  const [error, setError] = useState<string>()

  async function handleClick() {
    setPending(true)
    setError(await signOut())
    setPending(false)
  }

  return (
    <>
      <Button variant="outline" size="sm" disabled={pending} onClick={handleClick}>
        {pending ? 'Signing out…' : 'Sign out'}
      </Button>
      {error && <Alert>{error}</Alert>}
    </>
  )
}
