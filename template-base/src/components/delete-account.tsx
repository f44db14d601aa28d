import { useState, type FormEvent } from 'react'
import { authClient, failureOf } from '~/lib/auth-client'
import { TextField } from './text-field'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from './ui/card'
import { FieldGroup } from './ui/field'

export function DeleteAccount() {
  const [pending, setPending] = useState(false)
  const [message, setMessage] = useState<string>()

  async function handleSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password')) || undefined
    setPending(true)
    const failure = await failureOf(authClient.deleteUser({ password }))
    if (!failure) return location.assign('/')
    setMessage(failure.message)
    setPending(false)
  }

  return (
    <Card>
      <CardHeader>
        <CardTitle>Delete account</CardTitle>
        <CardDescription>With all of its tasks. Nobody can bring them back.</CardDescription>
      </CardHeader>
      <CardContent>
        <form onSubmit={handleSubmit}>
          <FieldGroup>
            <TextField
              label="Confirm with your password"
              // @slot confirmation
              name="password"
              type="password"
              autoComplete="current-password"
            />
            {message && <Alert>{message}</Alert>}
            <div>
              <Button type="submit" variant="destructive" disabled={pending}>
                {pending ? 'Deleting…' : 'Delete account'}
              </Button>
            </div>
          </FieldGroup>
        </form>
      </CardContent>
    </Card>
  )
}
