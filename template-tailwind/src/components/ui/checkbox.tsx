import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function Checkbox({ className, ...props }: Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <input
      data-slot="checkbox"
      type="checkbox"
      className={cn('mt-1 size-4.5 flex-none accent-primary', className)}
      {...props}
    />
  )
}
