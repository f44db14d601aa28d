import { useSearch } from '@tanstack/react-router'
import { useState, type ComponentType } from 'react'
import { authClient, authFailure } from '~/lib/auth-client'
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
    // Better Auth adds the error to it.
    const errorCallbackURL = `/sign-in?${new URLSearchParams({ redirect: redirectTo })}`
    const request = { provider: id, callbackURL: redirectTo, errorCallbackURL }
    const failure = await authFailure(authClient.signIn.social(request))
    if (!failure) return // The browser is on its way to the provider.
    const isMissing = failure.code === 'PROVIDER_NOT_FOUND'
    setMessage(isMissing ? `${name} is not set up yet. ${MISSING}` : failure.message)
    setPending(undefined)
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

const MISSING = 'Its client ID and secret are missing on the Convex deployment; see README.md.'

/** Why the provider, or Better Auth on the way back from it, said no. */
function explain(error: unknown) {
  if (error === undefined) return
  if (error === 'access_denied') return 'The sign-in was cancelled.'
  return `The sign-in did not work (${String(error).slice(0, 40)}). Try again.`
}
