import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function Checkbox({ className, ...props }: ComponentProps<'input'>) {
  return (
    <input data-slot="checkbox" type="checkbox" className={cn('checkbox', className)} {...props} />
  )
}
