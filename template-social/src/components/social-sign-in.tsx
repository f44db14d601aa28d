import { useSearch } from '@tanstack/react-router'
import { useState, type ComponentType } from 'react'
import { authClient, failureOf } from '~/lib/auth-client'
// @slot imports
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { FieldGroup, FieldSeparator } from './ui/field'

interface Provider {
  id: Parameters<typeof authClient.signIn.social>[0]['provider']
  name: string
  Icon: ComponentType
}

const providers: Provider[] = [
  // In the order of their buttons.
  // @slot providers
]

export function SocialSignIn({ redirectTo }: { redirectTo: string }) {
  const search: { error?: unknown } = useSearch({ strict: false })
  const [pending, setPending] = useState<string>()
  const [message, setMessage] = useState(explain(search.error))

  async function handleClick({ id, name }: Provider) {
    setPending(id)
    setMessage(undefined)
    const failure = await failureOf(
      authClient.signIn.social({
        provider: id,
        callbackURL: redirectTo,
        // Better Auth adds the error to it.
        errorCallbackURL: `/sign-in?${new URLSearchParams({ redirect: redirectTo })}`,
      }),
    )
    if (!failure) return // The browser is on its way to the provider.
    setMessage(
      failure.code === 'PROVIDER_NOT_FOUND'
        ? `${name} is not set up yet. Its client ID and secret are missing on the Convex deployment; see README.md.`
        : failure.message,
    )
    setPending(undefined)
  }

  return (
    <FieldGroup>
      <FieldSeparator>or</FieldSeparator>
      {message && <Alert>{message}</Alert>}
      {providers.map((provider) => (
        <Button
          key={provider.id}
          variant="outline"
          disabled={pending !== undefined}
          onClick={() => handleClick(provider)}
        >
          <provider.Icon />
          {pending === provider.id
            ? `Going to ${provider.name}…`
            : `Continue with ${provider.name}`}
        </Button>
      ))}
    </FieldGroup>
  )
}

/** Why the provider, or Better Auth on the way back from it, said no. */
function explain(error: unknown) {
  if (error === undefined) return
  if (error === 'access_denied') return 'The sign-in was cancelled.'
  return `The sign-in did not work (${String(error).slice(0, 40)}). Try again.`
}
