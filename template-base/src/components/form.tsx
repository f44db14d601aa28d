import {
  createContext,
  useContext,
  useState,
  type ComponentProps,
  type FormEvent,
  type ReactNode,
} from 'react'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { FieldGroup } from './ui/field'

export type Fields = Partial<Record<string, string>>

interface Failure {
  message: string
  /** The name of the field that it is about. */
  field?: string
}

const FormContext = createContext<{ pending: boolean; failure?: Failure }>({ pending: false })

export const useFormState = () => useContext(FormContext)

interface FormProps {
  /** Sends the fields; answers what went wrong, if anything did. */
  send: (fields: Fields, form: HTMLFormElement) => Promise<Failure | undefined>
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
    const found = invalidField(form) ?? (await send(fieldsOf(form), form))
    setPending(false)
    setFailure(found)
    if (found?.field) form.querySelector<HTMLElement>(`[name=${found.field}]`)?.focus()
  }

  return (
    <FormContext value={state}>
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
    </FormContext>
  )
}

const fieldsOf = (form: HTMLFormElement) => Object.fromEntries(new FormData(form)) as Fields

function invalidField(form: HTMLFormElement): Failure | undefined {
  const input = form.querySelector<HTMLInputElement>('input:invalid')
  return input ? { field: input.name, message: input.validationMessage } : undefined
}

interface SubmitButtonProps extends ComponentProps<typeof Button> {
  pendingLabel: string
}

export function SubmitButton({ pendingLabel, children, ...props }: SubmitButtonProps) {
  const { pending } = useFormState()
  return (
    <Button type="submit" disabled={pending} {...props}>
      {pending ? pendingLabel : children}
    </Button>
  )
}
