import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      data-slot="textarea"
      className={cn(
        'field-sizing-content min-h-20 py-2 w-full min-w-0 rounded-md border border-input bg-card px-3 text-base shadow-xs transition-colors focus-visible:border-ring focus-visible:outline-offset-0 aria-invalid:border-destructive aria-invalid:outline-destructive motion-reduce:transition-none md:text-sm',
        className,
      )}
      {...props}
    />
  )
}
