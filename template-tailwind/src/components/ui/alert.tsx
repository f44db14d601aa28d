import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

/** Read out at once by a screen reader. */
export function Alert({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      data-slot="alert"
      role="alert"
      className={cn(
        'block w-full rounded-lg border border-current/30 bg-current/7 px-4 py-3 text-sm text-destructive',
        className,
      )}
      {...props}
    />
  )
}

/** Good news: read out when the user pauses. */
export function Notice({ className, ...props }: ComponentProps<'output'>) {
  return (
    <output
      data-slot="notice"
      className={cn(
        'block w-full rounded-lg border border-current/30 bg-current/7 px-4 py-3 text-sm text-success',
        className,
      )}
      {...props}
    />
  )
}
