import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function FieldGroup({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="field-group" className={cn('flex flex-col gap-5', className)} {...props} />
}

export function Field({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="field" className={cn('flex flex-col gap-2', className)} {...props} />
}

export function FieldLabel({ className, ...props }: ComponentProps<'label'>) {
  return (
    <label
      data-slot="field-label"
      className={cn('flex w-fit items-center gap-2 text-sm leading-snug font-medium', className)}
      {...props}
    />
  )
}

export function FieldDescription({ className, ...props }: ComponentProps<'p'>) {
  return (
    <p
      data-slot="field-description"
      className={cn('text-sm text-muted-foreground', className)}
      {...props}
    />
  )
}

export function FieldError({ className, ...props }: ComponentProps<'p'>) {
  return (
    <p
      data-slot="field-error"
      role="alert"
      className={cn('text-sm text-destructive', className)}
      {...props}
    />
  )
}

/** A control and the button beside it. */
export function FieldRow({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="field-row" className={cn('flex gap-2', className)} {...props} />
}

/** A line with a word on it, between two ways to do the same. */
export function FieldSeparator({ className, ...props }: ComponentProps<'p'>) {
  return (
    <p
      data-slot="field-separator"
      className={cn(
        'flex items-center gap-3 text-sm text-muted-foreground before:h-px before:flex-1 before:bg-border after:h-px after:flex-1 after:bg-border',
        className,
      )}
      {...props}
    />
  )
}
