import type { ComponentProps, ReactNode } from 'react'
import { buttonVariants } from './button'

/** A select of which only an icon shows; its list is the browser's own. */
export function IconSelect({ icon, ...props }: ComponentProps<'select'> & { icon: ReactNode }) {
  const look = buttonVariants({ variant: 'ghost', size: 'icon-sm' })
  return (
    <span data-slot="icon-select" className={`${look} icon-select`}>
      {icon}
      <select {...props} />
    </span>
  )
}
