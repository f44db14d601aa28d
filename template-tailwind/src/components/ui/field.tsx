import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function FieldGroup({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="field-group" className={cn('grid gap-4.5', className)} {...props} />
}

export function Field({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="field" className={cn('grid min-w-0 gap-1.5', className)} {...props} />
}

/** A field with its button beside it. */
export function FieldRow({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      data-slot="field-row"
      className={cn('flex items-end gap-3 *:data-[slot=field]:flex-1', className)}
      {...props}
    />
  )
}

export function FieldLabel({ className, htmlFor, ...props }: ComponentProps<'label'>) {
  return (
    <label
      data-slot="field-label"
      className={cn('text-[0.9375rem] font-[550]', className)}
      htmlFor={htmlFor}
      {...props}
    />
  )
}

export function FieldDescription({ className, ...props }: ComponentProps<'p'>) {
  return (
    <p
      data-slot="field-description"
      className={cn('text-sm/[1.6] text-muted-foreground', className)}
      {...props}
    />
  )
}

/** A line with a word on it, between two ways to do the same. */
export function FieldSeparator({ className, ...props }: ComponentProps<'p'>) {
  return (
    <p
      data-slot="field-separator"
      className={cn(
        'flex items-center gap-3 text-sm/[1.6] text-muted-foreground before:h-px before:flex-1 before:bg-border after:h-px after:flex-1 after:bg-border',
        className,
      )}
      {...props}
    />
  )
}
