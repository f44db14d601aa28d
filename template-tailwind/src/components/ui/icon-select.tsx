import type { ComponentProps, ReactNode } from 'react'
import { cn } from '~/lib/utils'
import { buttonVariants } from './button'

const look = buttonVariants({
  variant: 'ghost',
  size: 'icon-sm',
  className: 'relative hover:bg-accent has-focus-visible:outline-2',
})

interface IconSelectProps extends ComponentProps<'select'> {
  icon: ReactNode
}

/** A select of which only an icon shows; its list is the browser's own. */
export function IconSelect({ icon, className, ...props }: IconSelectProps) {
  return (
    <span data-slot="icon-select" className={cn(look, className)}>
      {icon}
      <select className="absolute inset-0 cursor-pointer opacity-0" {...props} />
    </span>
  )
}
