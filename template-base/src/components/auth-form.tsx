import { useState, type FormEvent, type ReactNode } from 'react'
import { failureOf } from '~/lib/auth-client'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { FieldGroup } from './ui/field'

interface AuthFormProps {
  /** Signs in or up. */
  submit: (fields: Record<string, string>) => Parameters<typeof failureOf>[0]
  redirectTo: string
  submitLabel: string
  pendingLabel: string
  children: ReactNode
}

export function AuthForm(props: AuthFormProps) {
  const [pending, setPending] = useState(false)
  const [message, setMessage] = useState<string>()

  async function handleSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const fields = Object.fromEntries(new FormData(event.currentTarget))
    setPending(true)
    setMessage(undefined)
    const failure = await failureOf(props.submit(fields as Record<string, string>))
    if (failure) {
      setMessage(failure.message)
      setPending(false)
      return
    }
    // A full load: the server renders the page for the user, and Convex's client,
    // which has waited for a first token, starts with it.
    location.assign(props.redirectTo)
  }

  return (
    <form onSubmit={handleSubmit}>
      <FieldGroup>
        {props.children}
        {message && <Alert>{message}</Alert>}
        <Button type="submit" disabled={pending}>
          {pending ? props.pendingLabel : props.submitLabel}
        </Button>
      </FieldGroup>
    </form>
  )
}
