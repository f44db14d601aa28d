import { useState } from 'react'
import { authClient, failureOf } from '~/lib/auth-client'
import { updatePassword } from '~/lib/update-password'
import { Form, SubmitButton, type Fields } from './form'
import { TextField } from './text-field'
import { Notice } from './ui/alert'
import { Card, CardContent, CardHeader, CardTitle } from './ui/card'
import { Checkbox } from './ui/checkbox'
import { FieldLabel } from './ui/field'

export function ChangePassword() {
  const [changed, setChanged] = useState(false)

  async function send(fields: Fields, form: HTMLFormElement) {
    const { currentPassword = '', newPassword = '', others } = fields
    setChanged(false)
    const message = await updatePassword({ data: { currentPassword, newPassword } }).catch(
      () => 'That did not work. Try again.',
    )
    if (message) return { message }
    form.reset()
    setChanged(true)
    return others ? failureOf(authClient.revokeOtherSessions()) : undefined
  }

  return (
    <Card>
      <CardHeader>
        <CardTitle>Password</CardTitle>
      </CardHeader>
      <CardContent>
        <Form send={send}>
          <TextField
            label="Current password"
            name="currentPassword"
            type="password"
            autoComplete="current-password"
            required
          />
          <TextField
            label="New password"
            description="At least 8 characters"
            name="newPassword"
            type="password"
            autoComplete="new-password"
            minLength={8}
            maxLength={128}
            required
          />
          <FieldLabel>
            <Checkbox name="others" defaultChecked /> Sign out other devices
          </FieldLabel>
          {changed && <Notice>Your password is changed.</Notice>}
          <div>
            <SubmitButton pendingLabel="Changing…">Change password</SubmitButton>
          </div>
        </Form>
      </CardContent>
    </Card>
  )
}
