import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState, type FormEvent, type ReactNode } from 'react'
import { authQuery } from '~/lib/auth'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { FieldGroup } from './ui/field'

interface AuthFormProps {
  /** Signs in or up, and answers Better Auth's error, if any. */
  submit: (
    fields: Record<string, string>,
  ) => Promise<{ error: { message?: string } | null }>
  redirectTo: string
  submitLabel: string
  pendingLabel: string
  children: ReactNode
}

export function AuthForm(props: AuthFormProps) {
  const router = useRouter()
  const queryClient = useQueryClient()
  const [pending, setPending] = useState(false)
  const [message, setMessage] = useState<string>()

  async function handleSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    setPending(true)
    setMessage(undefined)
    const { error } = await props.submit(
      Object.fromEntries(fields) as Record<string, string>,
    )
    if (error) {
      setMessage(error.message ?? 'The server could not be reached.')
      setPending(false)
      return
    }
    queryClient.removeQueries(authQuery)
    await router.navigate({ href: props.redirectTo })
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
