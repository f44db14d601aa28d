import type { ReactNode } from 'react'
import { failureOf } from '~/lib/auth-client'
import { Form, SubmitButton, type Fields } from './form'
// @slot imports
import { Card, CardContent } from './ui/card'
import { Page } from './ui/layout'

interface AuthPageProps {
  title: string
  /** The way to the other page. */
  description: ReactNode
  pendingLabel: string
  redirectTo: string
  /** Signs in or up. */
  submit: (fields: Fields) => Parameters<typeof failureOf>[0]
  /** The fields. */
  children: ReactNode
}

export function AuthPage({ title, redirectTo, ...props }: AuthPageProps) {
  async function send(fields: Fields) {
    const failure = await failureOf(props.submit(fields))
    if (failure) return { field: fieldOf(failure.code), message: failure.message }
    // A full load: the server renders the page for the user, and Convex's client,
    // which has waited for a first token, starts with it.
    location.assign(redirectTo)
    return new Promise<never>(() => {}) // It stays pending until the page is gone.
  }

  return (
    <Page title={title} description={props.description} width="narrow">
      <Card>
        <CardContent>
          <Form send={send}>
            {props.children}
            <SubmitButton pendingLabel={props.pendingLabel}>{title}</SubmitButton>
          </Form>
          {/* @slot social */}
        </CardContent>
      </Card>
    </Page>
  )
}

/** The field that an error of Better Auth is about. */
function fieldOf(code = '') {
  if (code.endsWith('EMAIL')) return 'email'
  return code.startsWith('PASSWORD') ? 'password' : undefined
}
