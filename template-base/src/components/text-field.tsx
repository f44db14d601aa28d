import { useId, type ComponentProps } from 'react'
import { useFormState } from './form'
import { Field, FieldDescription, FieldError, FieldLabel, FieldRow } from './ui/field'
import { Input } from './ui/input'

interface TextFieldProps extends ComponentProps<'input'> {
  label: string
  name: string
  description?: string
}

/** Its children stand beside the input. */
export function TextField({ label, description, children, ...props }: TextFieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  const { failure } = useFormState()
  const error = failure?.field === props.name ? failure.message : undefined
  return (
    <Field>
      <FieldLabel htmlFor={id}>{label}</FieldLabel>
      <FieldRow>
        <Input
          id={id}
          aria-invalid={error !== undefined}
          aria-describedby={(error ?? description) && noteId}
          {...props}
        />
        {children}
      </FieldRow>
      {error && <FieldError id={noteId}>{error}</FieldError>}
      {description && !error && <FieldDescription id={noteId}>{description}</FieldDescription>}
    </Field>
  )
}
