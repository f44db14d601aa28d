import { convexQuery, useConvexMutation } from '@convex-dev/react-query'
import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { Form, SubmitButton, type Fields } from '~/components/form'
import { PasswordField } from '~/components/form-fields'
import { Section } from '~/components/section'
import { Sessions, sessionsQuery } from '~/components/sessions'
import { Notice } from '~/components/ui/alert'
import { Checkbox } from '~/components/ui/checkbox'
import { FieldLabel } from '~/components/ui/field'
import { Page } from '~/components/ui/layout'
import { authClient, authFailure } from '~/lib/auth-client'
import { leaveTo } from '~/lib/leave-to'
import { pageTitle } from '~/lib/page-title'
import { updatePassword } from '~/lib/update-password'
// @slot imports
import { api } from '~/convex/_generated/api'

const userQuery = convexQuery(api.auth.getCurrentUser, {})

const route = getRouteApi('/_authed/settings')

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
  const { now } = route.useLoaderData()
  const { data: user } = useSuspenseQuery(userQuery)
  return (
    <Page title="Settings" description={user.email}>
      <Password />
      {/* @slot sections */}
      <Sessions now={now} />
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
    const failure = await updatePassword({ data: fields })
    if (failure) return failure
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
  <Section title="Delete account" description="Nobody can bring it back.">
    <Form send={deleteAccount}>
      <PasswordField {...confirmation} />
      {/* An account that has no password would be gone by a click. */}
      <FieldLabel>
        <Checkbox name="sure" required /> Delete it with all that is in it
      </FieldLabel>
      <div>
        <SubmitButton variant="destructive" pendingLabel="Deleting…">
          Delete account
        </SubmitButton>
      </div>
    </Form>
  </Section>
)
