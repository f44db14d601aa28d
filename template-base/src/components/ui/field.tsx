import { styled } from './styled'

export const FieldGroup = styled('div', 'field-group', 'field-group')
export const Field = styled('div', 'field', 'field')
export const FieldLabel = styled('label', 'field-label', 'field-label')
export const FieldDescription = styled('p', 'field-description', 'muted small')
export const FieldError = styled('p', 'field-error', 'field-error small', { role: 'alert' })

/** A control and the button beside it. */
export const FieldRow = styled('div', 'field-row', 'field-row')

/** A line with a word on it, between two ways to do the same. */
export const FieldSeparator = styled('p', 'field-separator', 'separator muted small')
