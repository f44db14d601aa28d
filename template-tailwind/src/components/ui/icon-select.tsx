import type { ComponentProps, ReactNode } from 'react'
import { buttonVariants } from './button'

/** A select of which only an icon shows; its list is the browser's own. */
export function IconSelect({ icon, ...props }: ComponentProps<'select'> & { icon: ReactNode }) {
  return (
    <span
      data-slot="icon-select"
      className={buttonVariants({
        variant: 'ghost',
        size: 'icon-sm',
        className: 'relative hover:bg-accent has-focus-visible:outline-2',
      })}
    >
      {icon}
      <select className="absolute inset-0 cursor-pointer opacity-0" {...props} />
    </span>
  )
}
