import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea data-slot="textarea" className={cn('input textarea', className)} {...props} />
}
