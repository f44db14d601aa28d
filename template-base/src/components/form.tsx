import { createContext, useContext, useState } from 'react'
import type { ComponentProps, FormEvent, ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { failureOf, type Failure } from '~/lib/failure'
import { keepFocus } from '~/lib/keep-focus'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { FieldGroup } from './ui/field'

/** What the text fields of these names hold. */
export type Fields<Name extends string> = Record<Name, string>

interface State {
  pending: boolean
  failure?: Failure<string>
}

export const FormState = createContext<State>({ pending: false })

interface FormProps<Name extends string> {
  /**
   * Sends the fields, and answers what went wrong, if anything did. Files, checkboxes and
   * names with several values are in `data`: `data.get('photo')`, `data.getAll('tag')`.
   */
  send: (
    fields: Fields<Name>,
    form: HTMLFormElement,
    data: FormData,
  ) => Promise<Failure<NoInfer<Name>> | undefined | void>
  children: ReactNode
}

/** Says one failure at a time: under the field that it is about, or else above them all. */
export function Form<Name extends string>({ send, children }: FormProps<Name>) {
  const [pending, setPending] = useState(false)
  const [failure, setFailure] = useState<Failure<string>>()

  async function handleSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const data = new FormData(form)
    const texts = [...data].filter(([, value]) => typeof value === 'string')
    const fields = Object.fromEntries(texts) as Fields<Name>
    const giveFocusBack = keepFocus()
    setPending(true)
    const found = invalid(form) ?? (await send(fields, form, data).catch(failureOf))
    flushSync(() => setPending(false))
    const control = found && form.querySelector<HTMLElement>(`[name="${found.field}"]`)
    if (control) control.focus()
    else giveFocusBack()
    if (!found) return setFailure(undefined)
    // A control that no FormField is around can't say it by itself.
    setFailure(control?.hasAttribute('aria-invalid') ? found : { message: found.message })
  }

  return (
    <FormState value={{ pending, failure }}>
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

/** The first control that the browser refuses, whatever its kind. */
function invalid(form: HTMLFormElement): Failure<string> | undefined {
  const controls = [...form.elements] as HTMLInputElement[]
  const control = controls.find(({ willValidate, validity }) => willValidate && !validity.valid)
  return control && { field: control.name, message: control.validationMessage }
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
