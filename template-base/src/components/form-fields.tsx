import { useContext, useId, type ComponentProps, type ReactNode } from 'react'
import { FormState } from './form'
import { Field, FieldDescription, FieldError, FieldLabel, FieldRow } from './ui/field'
import { Input } from './ui/input'
import { Textarea } from './ui/textarea'

interface FormFieldProps {
  label: string
  name: string
  description?: string
  /** Its control: `(control) => <select {...control}>…</select>`. */
  children: (control: {
    id: string
    name: string
    'aria-invalid': boolean
    'aria-describedby'?: string
  }) => ReactNode
}

/** A label, any control, and what is wrong with it. */
export function FormField({ label, name, description, children }: FormFieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  const { failure } = useContext(FormState)
  const error = failure?.field === name ? failure.message : undefined
  const note = (error ?? description) && noteId
  return (
    <Field>
      <FieldLabel htmlFor={id}>{label}</FieldLabel>
      <FieldRow>
        {children({ id, name, 'aria-invalid': error !== undefined, 'aria-describedby': note })}
      </FieldRow>
      {error && <FieldError id={noteId}>{error}</FieldError>}
      {description && !error && <FieldDescription id={noteId}>{description}</FieldDescription>}
    </Field>
  )
}

type Labelled<Props> = Omit<FormFieldProps, 'children'> & Props

/** Any `type` of input, `file` included. Its children stand beside it. */
export const TextField = ({
  label,
  description,
  children,
  ...props
}: Labelled<ComponentProps<'input'>>) => (
  <FormField label={label} name={props.name} description={description}>
    {(control) => (
      <>
        <Input {...props} {...control} />
        {children}
      </>
    )}
  </FormField>
)

export const TextAreaField = ({
  label,
  description,
  ...props
}: Labelled<ComponentProps<'textarea'>>) => (
  <FormField label={label} name={props.name} description={description}>
    {(control) => <Textarea {...props} {...control} />}
  </FormField>
)

const current = { autoComplete: 'current-password' }
const fresh = {
  autoComplete: 'new-password',
  description: 'At least 8 characters',
  // No `maxLength`: the browser would cut a longer one, and nobody sees where.
  minLength: 8,
}

interface PasswordFieldProps extends Partial<ComponentProps<typeof TextField>> {
  isNew?: boolean
}

/** A password to confirm with, or one to choose. */
export const PasswordField = ({ isNew, ...props }: PasswordFieldProps) => (
  <TextField
    label="Password"
    name="password"
    type="password"
    {...(isNew ? fresh : current)}
    {...props}
  />
)
