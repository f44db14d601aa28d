import { convexQuery, useConvexMutation } from '@convex-dev/react-query'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { api } from '~/convex/_generated/api'
import { authClient } from '~/lib/auth-client'
import { failureOf, useAttempt } from '~/lib/failure'
import { goToProvider } from '~/lib/social'
import { explainError } from '~/lib/social-errors'
import { Form, SubmitButton, type Fields } from './form'
import { PasswordField } from './form-fields'
import { Section } from './section'
import { providers, type Provider } from './social-providers'
import { Alert, Notice } from './ui/alert'
import { Button } from './ui/button'
import { Item, ItemContent, ItemDescription, ItemGroup } from './ui/item'

export const methodsQuery = convexQuery(api.signInMethods.list, {})

export const useHasPassword = () => useSuspenseQuery(methodsQuery).data.hasPassword

export function SignInMethods() {
  const { data } = useSuspenseQuery(methodsQuery)
  // Of the way back from a provider.
  const search: { connected?: unknown; error?: unknown } = useSearch({ strict: false })
  const [isBack, setBack] = useState(true)
  const { pending, message, attempt } = useAttempt()
  const failure = isBack ? explainError(search.error) : message
  const connected = (id: string) => data.connected.find((one) => one.provider === id)
  const added = providers.find(({ id }) => isBack && id === search.connected && connected(id))

  function change(action: Parameters<typeof attempt>[0]) {
    setBack(false)
    void attempt(action)
  }

  return (
    <Section title="Sign-in methods" description="The ways into your account.">
      {failure && <Alert>{failure}</Alert>}
      {added && <Notice>{added.name} is connected.</Notice>}
      <ItemGroup>
        {providers.map((provider) => {
          const connection = connected(provider.id)
          return <Method key={provider.id} {...{ provider, connection, pending, change }} />
        })}
      </ItemGroup>
      {data.hasPassword || <SetPassword />}
    </Section>
  )
}

interface MethodProps {
  provider: Provider
  connection?: { isLast: boolean }
  pending: boolean
  change: (action: ReturnType<typeof connect> | Promise<null>) => void
}

function Method({ provider, connection, pending, change }: MethodProps) {
  const { id, name, Icon } = provider
  const textId = useId()
  const disconnect = useConvexMutation(api.signInMethods.disconnect)

  return (
    <Item>
      <Icon />
      <ItemContent id={textId}>
        <p>{name}</p>
        <ItemDescription>{describe(connection)}</ItemDescription>
      </ItemContent>
      <Button
        variant="outline"
        size="sm"
        aria-describedby={textId}
        disabled={pending || connection?.isLast}
        onClick={() => change(connection ? disconnect({ provider: id }) : connect(provider))}
      >
        {connection ? 'Disconnect' : 'Connect'}
      </Button>
    </Item>
  )
}

function describe(connection: MethodProps['connection']) {
  if (!connection) return 'Not connected'
  return connection.isLast ? 'Connected; your only way to sign in' : 'Connected'
}

const connect = (provider: Provider) =>
  goToProvider(
    provider,
    { back: `/settings?connected=${provider.id}`, failed: '/settings' },
    (urls) => authClient.linkSocial({ provider: provider.id, ...urls }),
  )

function SetPassword() {
  const setPassword = useConvexMutation(api.signInMethods.setPassword)

  async function send({ newPassword }: Fields<'newPassword'>) {
    try {
      await setPassword({ newPassword })
    } catch (reason) {
      return { ...failureOf(reason), field: 'newPassword' as const }
    }
  }

  return (
    <Form send={send}>
      <PasswordField label="New password" name="newPassword" isNew required />
      <div>
        <SubmitButton variant="outline" pendingLabel="Setting…">
          Set password
        </SubmitButton>
      </div>
    </Form>
  )
}
