import { useConvexMutation } from '@convex-dev/react-query'
import { useState, type ComponentProps } from 'react'
import { api } from '~/convex/_generated/api'
import { Form, SubmitButton, type Fields } from './form'
import { PasswordField, TextField } from './form-fields'
import { WhereMailsAre } from './inbox'
import { Section } from './section'
import { Notice } from './ui/alert'

interface EmailAddressProps {
  user: { email: string }
  /** How the form asks for the password. */
  confirmation: Partial<ComponentProps<typeof PasswordField>>
}

/** The address changes when the link is opened that the new one gets. */
export function EmailAddress({ user, confirmation }: EmailAddressProps) {
  const [sentTo, setSentTo] = useState<string>()
  const change = useConvexMutation(api.emailAddress.change)

  async function send(fields: Fields<'newEmail' | 'password'>, form: HTMLFormElement) {
    setSentTo(undefined)
    const message = await change(fields)
    if (message) return { message }
    form.reset()
    setSentTo(fields.newEmail)
  }

  return (
    <Section title="Email" description={`You sign in with ${user.email}.`}>
      <Form send={send}>
        <TextField label="New email" name="newEmail" type="email" autoComplete="email" required />
        <PasswordField {...confirmation} />
        {sentTo && <Notice>Open the link in the mail to {sentTo}: it makes the change.</Notice>}
        {sentTo && <WhereMailsAre />}
        <div>
          <SubmitButton pendingLabel="Sending…">Change email</SubmitButton>
        </div>
      </Form>
    </Section>
  )
}
