import type { ComponentProps, ReactNode } from 'react'
import { buttonVariants } from './button'

const look = buttonVariants({ variant: 'ghost', size: 'icon-sm' })

/** A select of which only an icon shows; its list is the browser's own. */
export const IconSelect = ({ icon, ...props }: ComponentProps<'select'> & { icon: ReactNode }) => (
  <span data-slot="icon-select" className={`${look} icon-select`}>
    {icon}
    <select {...props} />
  </span>
)
