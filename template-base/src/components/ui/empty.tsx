import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

/** What a list shows while there is nothing in it. */
export function Empty({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="empty" className={cn('empty', className)} {...props} />
}
