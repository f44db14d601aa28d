import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

/** Read out at once by a screen reader. */
export function Alert({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="alert" role="alert" className={cn('alert', className)} {...props} />
}

/** Good news: read out when the user pauses. */
export function Notice({ className, ...props }: ComponentProps<'output'>) {
  return <output data-slot="notice" className={cn('notice', className)} {...props} />
}
