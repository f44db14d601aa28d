import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return (
    <input
      data-slot="input"
      className={cn(
        'w-full rounded-lg border border-input bg-card px-3 py-2 leading-normal transition-colors focus-visible:border-ring focus-visible:outline-offset-0',
        className,
      )}
      {...props}
    />
  )
}
