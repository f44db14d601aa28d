import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function FieldGroup({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="field-group" className={cn('field-group', className)} {...props} />
}

export function Field({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="field" className={cn('field', className)} {...props} />
}

export function FieldLabel({ className, ...props }: ComponentProps<'label'>) {
  return <label data-slot="field-label" className={cn('field-label', className)} {...props} />
}

export function FieldDescription({ className, ...props }: ComponentProps<'p'>) {
  return <p data-slot="field-description" className={cn('muted small', className)} {...props} />
}

export function FieldError({ className, ...props }: ComponentProps<'p'>) {
  return (
    <p
      data-slot="field-error"
      role="alert"
      className={cn('field-error small', className)}
      {...props}
    />
  )
}

/** A control and the button beside it. */
export function FieldRow({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="field-row" className={cn('field-row', className)} {...props} />
}

/** A line with a word on it, between two ways to do the same. */
export function FieldSeparator({ className, ...props }: ComponentProps<'p'>) {
  return (
    <p data-slot="field-separator" className={cn('separator muted small', className)} {...props} />
  )
}
