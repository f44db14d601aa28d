import { useId, type ComponentProps } from 'react'
import { Field, FieldDescription, FieldLabel } from './ui/field'
import { Input } from './ui/input'

interface TextFieldProps extends ComponentProps<'input'> {
  label: string
  description?: string
}

export function TextField({ label, description, ...props }: TextFieldProps) {
  const id = useId()
  return (
    <Field>
      <FieldLabel htmlFor={id}>{label}</FieldLabel>
      <Input id={id} aria-describedby={description && `${id}-description`} {...props} />
      {description && <FieldDescription id={`${id}-description`}>{description}</FieldDescription>}
    </Field>
  )
}
