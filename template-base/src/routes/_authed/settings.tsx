import { convexQuery, useConvexMutation } from '@convex-dev/react-query'
import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { useState } from 'react'
import { Form, SubmitButton, type Fields } from '~/components/form'
import { PasswordField } from '~/components/form-fields'
import { Section } from '~/components/section'
import { Alert, Notice } from '~/components/ui/alert'
import { Button } from '~/components/ui/button'
import { Checkbox } from '~/components/ui/checkbox'
import { FieldLabel } from '~/components/ui/field'
import { Item, ItemContent, ItemDescription, ItemGroup } from '~/components/ui/item'
import { Page } from '~/components/ui/layout'
import { authClient, authFailure } from '~/lib/auth-client'
import { useAttempt } from '~/lib/failure'
import { leaveTo } from '~/lib/leave-to'
import { pageTitle } from '~/lib/page-title'
import { signOut } from '~/lib/auth'
import { updatePassword } from '~/lib/update-password'
import { describeUserAgent } from '~/lib/user-agent'
// @slot imports
import { api } from '~/convex/_generated/api'

const userQuery = convexQuery(api.auth.getCurrentUser, {})
const sessionsQuery = convexQuery(api.users.listSessions, {})

export const Route = createFileRoute('/_authed/settings')({
  loader: async ({ context: { queryClient } }) => {
    await Promise.all([
      queryClient.ensureQueryData(userQuery),
      queryClient.ensureQueryData(sessionsQuery),
      // @slot queries
    ])
    return { now: Date.now() }
  },
  head: () => pageTitle('Settings', 'Your password and your sessions.'),
  component: Settings,
})

function Settings() {
  const { data: user } = useSuspenseQuery(userQuery)
  return (
    <Page title="Settings" description={user.email}>
      <Password />
      {/* @slot sections */}
      <Sessions />
      <DeleteAccount />
    </Page>
  )
}

function Password() {
  // @slot password
  return (
    <Section title="Password">
      <ChangePassword />
    </Section>
  )
}

function ChangePassword() {
  const [changed, setChanged] = useState(false)
  const endOthers = useConvexMutation(api.users.endOtherSessions)

  async function send(
    fields: Fields<'currentPassword' | 'newPassword'>,
    form: HTMLFormElement,
    data: FormData,
  ) {
    setChanged(false)
    const message = await updatePassword({ data: fields })
    if (message) return { message }
    form.reset()
    setChanged(true)
    if (data.has('others')) await endOthers({})
  }

  return (
    <Form send={send}>
      <PasswordField label="Current password" name="currentPassword" required />
      <PasswordField label="New password" name="newPassword" isNew required />
      <FieldLabel>
        <Checkbox name="others" defaultChecked /> Sign out other devices
      </FieldLabel>
      {changed && <Notice>Your password is changed.</Notice>}
      <div>
        <SubmitButton pendingLabel="Changing…">Change password</SubmitButton>
      </div>
    </Form>
  )
}

function Sessions() {
  const { now } = Route.useLoaderData()
  const { data } = useSuspenseQuery(sessionsQuery)
  const sessions = data.filter(({ current, expiresAt }) => current || expiresAt > now)
  const endSession = useConvexMutation(api.users.endSession)
  const endOthers = useConvexMutation(api.users.endOtherSessions)
  const { pending, message, attempt } = useAttempt()

  return (
    <Section title="Sessions" description="Where you are signed in.">
      <ItemGroup>
        {sessions.map(({ id, current, createdAt, userAgent }) => (
          <Item key={id}>
            <ItemContent>
              <p>{describeUserAgent(userAgent)}</p>
              <ItemDescription>
                {current ? 'This device' : `Signed in on ${isoDay(createdAt)}`}
              </ItemDescription>
            </ItemContent>
            <Button
              variant="ghost"
              size="sm"
              aria-label={`End session: ${describeUserAgent(userAgent)}`}
              disabled={pending}
              onClick={() => attempt(current ? signOut() : endSession({ id }))}
            >
              End
            </Button>
          </Item>
        ))}
      </ItemGroup>
      {message && <Alert>{message}</Alert>}
      <div>
        <Button
          variant="outline"
          disabled={pending || sessions.length < 2}
          onClick={() => attempt(endOthers({}))}
        >
          {pending ? 'Signing out…' : 'Sign out other devices'}
        </Button>
      </div>
    </Section>
  )
}

// The server doesn't know the visitor's locale or time zone: a local format
// would differ from the browser's and break hydration.
const isoDay = (time: number) => new Date(time).toISOString().slice(0, 10)

const confirmation = {
  label: 'Confirm with your password',
  // @slot confirmation
}

async function deleteAccount({ password }: Fields<'password'>) {
  const failure = await authFailure(authClient.deleteUser({ password: password || undefined }))
  if (failure) return { ...failure, field: 'password' as const }
  return leaveTo('/')
}

const DeleteAccount = () => (
  <Section title="Delete account" description="With all of its tasks. Nobody can bring them back.">
    <Form send={deleteAccount}>
      <PasswordField {...confirmation} />
      <div>
        <SubmitButton variant="destructive" pendingLabel="Deleting…">
          Delete account
        </SubmitButton>
      </div>
    </Form>
  </Section>
)
