import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

/** Along the top of the window, for what takes longer than a moment. */
export function Progress({ className, ...props }: ComponentProps<'progress'>) {
  return <progress data-slot="progress" className={cn('progress', className)} {...props} />
}
