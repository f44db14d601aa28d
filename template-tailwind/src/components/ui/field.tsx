import { styled } from './styled'

export const FieldGroup = styled('div', 'field-group', 'flex flex-col gap-5')
export const Field = styled('div', 'field', 'flex flex-col gap-2')
export const FieldLabel = styled(
  'label',
  'field-label',
  'flex w-fit items-center gap-2 text-sm leading-snug font-medium',
)
export const FieldDescription = styled('p', 'field-description', 'text-sm text-muted-foreground')
export const FieldError = styled('p', 'field-error', 'text-sm text-destructive', { role: 'alert' })

/** A control and the button beside it. */
export const FieldRow = styled('div', 'field-row', 'flex gap-2')

/** A line with a word on it, between two ways to do the same. */
export const FieldSeparator = styled(
  'p',
  'field-separator',
  'flex items-center gap-3 text-sm text-muted-foreground before:h-px before:flex-1 before:bg-border after:h-px after:flex-1 after:bg-border',
)
