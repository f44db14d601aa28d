import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function Checkbox({ className, ...props }: ComponentProps<'input'>) {
  return (
    <input
      data-slot="checkbox"
      type="checkbox"
      className={cn('size-4 shrink-0 accent-primary', className)}
      {...props}
    />
  )
}
