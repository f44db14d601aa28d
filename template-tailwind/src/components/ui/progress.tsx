import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

/** Along the top of the window, for what takes longer than a moment. */
export function Progress({ className, ...props }: ComponentProps<'progress'>) {
  return (
    <progress
      data-slot="progress"
      className={cn(
        'fixed inset-x-0 top-0 z-50 h-1 w-full accent-primary transition-opacity delay-300 starting:opacity-0',
        className,
      )}
      {...props}
    />
  )
}
