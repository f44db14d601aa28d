import { useState, type FormEvent } from 'react'
import { authClient, failureOf } from '~/lib/auth-client'
import { updatePassword } from '~/lib/update-password'
import { TextField } from './text-field'
import { Alert, Notice } from './ui/alert'
import { Button } from './ui/button'
import { Card, CardContent, CardHeader, CardTitle } from './ui/card'
import { Checkbox } from './ui/checkbox'
import { FieldGroup, FieldLabel } from './ui/field'

export function ChangePassword() {
  const [pending, setPending] = useState(false)
  const [error, setError] = useState<string | null>()

  async function handleSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const fields = new FormData(form)
    setPending(true)
    const data = {
      currentPassword: String(fields.get('currentPassword')),
      newPassword: String(fields.get('newPassword')),
    }
    const refusal = await updatePassword({ data }).catch(() => 'That did not work. Try again.')
    const failure =
      !refusal && fields.has('others') && (await failureOf(authClient.revokeOtherSessions()))
    if (!refusal) form.reset()
    setError(failure ? `Your password is changed, but: ${failure.message}` : refusal)
    setPending(false)
  }

  return (
    <Card>
      <CardHeader>
        <CardTitle>Password</CardTitle>
      </CardHeader>
      <CardContent>
        <form onSubmit={handleSubmit}>
          <FieldGroup>
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
            {error && <Alert>{error}</Alert>}
            {error === null && <Notice>Your password is changed.</Notice>}
            <div>
              <Button type="submit" disabled={pending}>
                {pending ? 'Changing…' : 'Change password'}
              </Button>
            </div>
          </FieldGroup>
        </form>
      </CardContent>
    </Card>
  )
}
