import type { ReactNode } from 'react'
import { authFailure } from '~/lib/auth-client'
import { leaveTo } from '~/lib/leave-to'
import { Form, SubmitButton, type Fields } from './form'
import { PasswordField, TextField } from './form-fields'
// @slot imports
import { Card, CardContent } from './ui/card'
import { Page } from './ui/layout'

type AuthFields = Fields<'name' | 'email' | 'password'>

interface AuthPageProps {
  title: string
  /** The way to the other page. */
  description: ReactNode
  pendingLabel: string
  redirectTo: string
  isNew?: boolean
  /** Signs in or up. */
  submit: (fields: AuthFields) => Parameters<typeof authFailure>[0]
  /** Fields above the address and the password. */
  children?: ReactNode
}

export function AuthPage({ title, description, redirectTo, ...props }: AuthPageProps) {
  // @slot hooks
  async function send(fields: AuthFields) {
    const failure = await authFailure(props.submit(fields))
    // @slot answer
    if (failure) return { ...failure, field: fieldOf(failure.code) }
    // A full load: the server renders the page for the user, and Convex's client,
    // which has waited for a first token, starts with it.
    return leaveTo(redirectTo)
  }

  return (
    <Page title={title} description={description} width="narrow">
      <Card>
        <CardContent>
          <Form send={send}>
            {props.children}
            <TextField label="Email" name="email" type="email" autoComplete="username" required />
            <PasswordField isNew={props.isNew} required />
            <SubmitButton pendingLabel={props.pendingLabel}>{title}</SubmitButton>
          </Form>
          {/* @slot help */}
          {/* @slot social */}
        </CardContent>
      </Card>
    </Page>
  )
}

/** The field that an error of Better Auth is about. */
function fieldOf(code = ''): 'email' | 'password' | undefined {
  if (code.endsWith('EMAIL')) return 'email'
  return code.startsWith('PASSWORD') ? 'password' : undefined
}
