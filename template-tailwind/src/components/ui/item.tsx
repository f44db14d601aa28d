import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function ItemGroup({ className, ...props }: ComponentProps<'ul'>) {
  return <ul data-slot="item-group" className={cn('-my-2 divide-y', className)} {...props} />
}

export function Item({ className, ...props }: ComponentProps<'li'>) {
  const classes = cn('flex items-center gap-3 py-2 text-sm', className)
  return <li data-slot="item" className={classes} {...props} />
}

export function ItemContent({ className, ...props }: ComponentProps<'div'>) {
  const classes = cn('flex min-w-0 flex-1 flex-col gap-1', className)
  return <div data-slot="item-content" className={classes} {...props} />
}

/** The text of an item and the checkbox that it belongs to. */
export function ItemLabel({ className, htmlFor, ...props }: ComponentProps<'label'>) {
  return (
    <label
      data-slot="item-label"
      htmlFor={htmlFor}
      className={cn(
        'flex cursor-pointer items-center gap-3 py-1 *:min-w-0 has-checked:text-muted-foreground has-checked:line-through',
        className,
      )}
      {...props}
    />
  )
}

export function ItemDescription({ className, ...props }: ComponentProps<'p'>) {
  const classes = cn('text-muted-foreground', className)
  return <p data-slot="item-description" className={classes} {...props} />
}

/** What a list shows while there is nothing in it. */
export function Empty({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      data-slot="empty"
      className={cn(
        'grid gap-1 rounded-lg border border-dashed p-8 text-center text-sm',
        className,
      )}
      {...props}
    />
  )
}
