import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

const box = 'block w-full rounded-lg border border-current/30 bg-current/7 px-4 py-3 text-sm'

/** Read out at once by a screen reader. */
export function Alert({ className, ...props }: ComponentProps<'div'>) {
  const classes = cn(box, 'text-destructive', className)
  return <div data-slot="alert" role="alert" className={classes} {...props} />
}

/** Good news: read out when the user pauses. */
export function Notice({ className, ...props }: ComponentProps<'output'>) {
  return <output data-slot="notice" className={cn(box, 'text-success', className)} {...props} />
}
