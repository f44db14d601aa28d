import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

const box = 'block rounded-lg border border-current/35 bg-current/7 px-3.5 py-2.5 text-[0.9375rem]'

/** Read out at once by a screen reader. */
export function Alert({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      data-slot="alert"
      role="alert"
      className={cn(box, 'text-destructive', className)}
      {...props}
    />
  )
}

/** Good news: read out when the user pauses. */
export function Notice({ className, ...props }: ComponentProps<'output'>) {
  return <output data-slot="notice" className={cn(box, 'text-success', className)} {...props} />
}
