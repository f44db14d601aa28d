import type { ComponentProps } from 'react'

export function FieldGroup(props: ComponentProps<'div'>) {
  return <div data-slot="field-group" className="field-group" {...props} />
}

export function Field(props: ComponentProps<'div'>) {
  return <div data-slot="field" className="field" {...props} />
}

/** A control and the button beside it. */
export function FieldRow(props: ComponentProps<'div'>) {
  return <div data-slot="field-row" className="field-row" {...props} />
}

export function FieldLabel({ htmlFor, ...props }: ComponentProps<'label'>) {
  return <label data-slot="field-label" className="field-label" htmlFor={htmlFor} {...props} />
}

export function FieldDescription(props: ComponentProps<'p'>) {
  return <p data-slot="field-description" className="muted small" {...props} />
}

export function FieldError(props: ComponentProps<'p'>) {
  return <p data-slot="field-error" role="alert" className="field-error small" {...props} />
}

/** A line with a word on it, between two ways to do the same. */
export function FieldSeparator(props: ComponentProps<'p'>) {
  return <p data-slot="field-separator" className="separator muted small" {...props} />
}
