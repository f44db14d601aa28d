import { authClient, failureOf } from '~/lib/auth-client'
import { Form, SubmitButton, type Fields } from './form'
import { TextField } from './text-field'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from './ui/card'

async function deleteAccount({ password }: Fields) {
  const failure = await failureOf(authClient.deleteUser({ password: password || undefined }))
  if (failure) return { field: 'password', message: failure.message }
  location.assign('/')
}

export function DeleteAccount() {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Delete account</CardTitle>
        <CardDescription>With all of its tasks. Nobody can bring them back.</CardDescription>
      </CardHeader>
      <CardContent>
        <Form send={deleteAccount}>
          <TextField
            label="Confirm with your password"
            // @slot confirmation
            name="password"
            type="password"
            autoComplete="current-password"
          />
          <div>
            <SubmitButton variant="destructive" pendingLabel="Deleting…">
              Delete account
            </SubmitButton>
          </div>
        </Form>
      </CardContent>
    </Card>
  )
}
