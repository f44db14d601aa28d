import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return (
    <input
      data-slot="input"
      className={cn(
        'h-9 w-full min-w-0 rounded-md border border-input bg-card px-3 text-base shadow-xs transition-colors focus-visible:border-ring focus-visible:outline-offset-0 aria-invalid:border-destructive aria-invalid:outline-destructive motion-reduce:transition-none md:text-sm file:mr-3 file:h-full file:border-0 file:bg-transparent file:font-medium',
        className,
      )}
      {...props}
    />
  )
}
