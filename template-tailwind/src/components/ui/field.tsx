import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function FieldGroup({ className, ...props }: ComponentProps<'div'>) {
  const classes = cn('flex flex-col gap-5', className)
  return <div data-slot="field-group" className={classes} {...props} />
}

export function Field({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="field" className={cn('flex flex-col gap-2', className)} {...props} />
}

export function FieldLabel({ className, htmlFor, ...props }: ComponentProps<'label'>) {
  const classes = cn('w-fit text-sm leading-snug font-medium', className)
  return <label data-slot="field-label" htmlFor={htmlFor} className={classes} {...props} />
}

/** A control and the button beside it. */
export function FieldRow({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="field-row" className={cn('flex gap-2', className)} {...props} />
}

export function FieldDescription({ className, ...props }: ComponentProps<'p'>) {
  const classes = cn('text-sm text-muted-foreground', className)
  return <p data-slot="field-description" className={classes} {...props} />
}

export function FieldError({ className, ...props }: ComponentProps<'p'>) {
  const classes = cn('text-sm text-destructive', className)
  return <p data-slot="field-error" role="alert" className={classes} {...props} />
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
