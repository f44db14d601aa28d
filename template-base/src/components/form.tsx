import { createContext, useContext, useId, useState } from 'react'
import type { ComponentProps, FormEvent, ReactNode } from 'react'
import type { Failure } from '~/lib/failure'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { Field, FieldDescription, FieldError, FieldGroup, FieldLabel, FieldRow } from './ui/field'
import { Input } from './ui/input'

export type Fields = Record<string, string>

const FormState = createContext<{ pending: boolean; failure?: Failure }>({ pending: false })

interface FormProps {
  /** Sends the fields; answers what went wrong, if anything did. */
  send: (fields: Fields, form: HTMLFormElement) => Promise<Failure | undefined | void>
  children: ReactNode
}

/** Says one failure at a time: under the field that it is about, or else above them all. */
export function Form({ send, children }: FormProps) {
  const [pending, setPending] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const state = { pending, failure }

  async function handleSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    setPending(true)
    const fields = Object.fromEntries(new FormData(form)) as Fields
    const found = invalidField(form) ?? (await send(fields, form)) ?? undefined
    setPending(false)
    setFailure(found)
    if (found?.field) form.querySelector<HTMLElement>(`[name=${found.field}]`)?.focus()
  }

  return (
    <FormState value={state}>
      {/* The browser's own messages would float above the page. */}
      <form noValidate onSubmit={handleSubmit} onInput={() => setFailure(undefined)}>
        <FieldGroup>
          <noscript>
            <Alert>This form needs JavaScript. Switch it on, and reload the page.</Alert>
          </noscript>
          {failure && !failure.field && <Alert>{failure.message}</Alert>}
          {children}
        </FieldGroup>
      </form>
    </FormState>
  )
}

function invalidField(form: HTMLFormElement): Failure | undefined {
  const input = form.querySelector<HTMLInputElement>('input:invalid')
  return input ? { field: input.name, message: input.validationMessage } : undefined
}

interface SubmitButtonProps extends ComponentProps<typeof Button> {
  pendingLabel: string
}

export function SubmitButton({ pendingLabel, children, ...props }: SubmitButtonProps) {
  const { pending } = useContext(FormState)
  return (
    <Button type="submit" disabled={pending} {...props}>
      {pending ? pendingLabel : children}
    </Button>
  )
}

interface TextFieldProps extends ComponentProps<'input'> {
  label: string
  name: string
  description?: string
}

/** Its children stand beside the input. */
export function TextField({ label, description, children, ...props }: TextFieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  const { failure } = useContext(FormState)
  const error = failure?.field === props.name ? failure.message : undefined
  const note = (error ?? description) && noteId
  return (
    <Field>
      <FieldLabel htmlFor={id}>{label}</FieldLabel>
      <FieldRow>
        <Input id={id} aria-invalid={error !== undefined} aria-describedby={note} {...props} />
        {children}
      </FieldRow>
      {error && <FieldError id={noteId}>{error}</FieldError>}
      {description && !error && <FieldDescription id={noteId}>{description}</FieldDescription>}
    </Field>
  )
}

const current = { autoComplete: 'current-password' }
const fresh = {
  autoComplete: 'new-password',
  description: 'At least 8 characters',
  minLength: 8,
  maxLength: 128,
}

/** A password to confirm with, or one to choose. */
export const PasswordField = ({
  isNew,
  ...props
}: Partial<TextFieldProps> & { isNew?: boolean }) => (
  <TextField
    label="Password"
    name="password"
    type="password"
    {...(isNew ? fresh : current)}
    {...props}
  />
)
