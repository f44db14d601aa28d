import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { flushSync } from 'react-dom'
import { authClient } from '~/lib/auth-client'
import { keepFocus } from '~/lib/keep-focus'
import { goToProvider } from '~/lib/social'
import { explainError } from '~/lib/social-errors'
import { providers, type Provider } from './social-providers'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { FieldGroup, FieldSeparator } from './ui/field'

export function SocialSignIn({ redirectTo }: { redirectTo: string }) {
  const search: { error?: unknown } = useSearch({ strict: false })
  const [pending, setPending] = useState<string>()
  const [message, setMessage] = useState(explainError(search.error))

  async function handleClick(provider: Provider) {
    const giveFocusBack = keepFocus()
    setPending(provider.id)
    setMessage(undefined)
    const failed = `/sign-in?${new URLSearchParams({ redirect: redirectTo })}`
    const failure = await goToProvider(provider, { back: redirectTo, failed }, (urls) =>
      authClient.signIn.social({ provider: provider.id, ...urls }),
    )
    setMessage(failure?.message)
    flushSync(() => setPending(undefined))
    giveFocusBack()
  }

  return (
    <FieldGroup>
      <FieldSeparator>or</FieldSeparator>
      {message && <Alert>{message}</Alert>}
      {providers.map((provider) => {
        const { id, name, Icon } = provider
        const click = () => handleClick(provider)
        return (
          <Button key={id} variant="outline" disabled={pending !== undefined} onClick={click}>
            <Icon /> {pending === id ? `Going to ${name}…` : `Continue with ${name}`}
          </Button>
        )
      })}
    </FieldGroup>
  )
}
