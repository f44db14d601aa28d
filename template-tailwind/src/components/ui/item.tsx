import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function ItemGroup({ className, ...props }: ComponentProps<'ul'>) {
  return <ul data-slot="item-group" className={cn('divide-y', className)} {...props} />
}

export function Item({ className, ...props }: ComponentProps<'li'>) {
  return (
    <li data-slot="item" className={cn('flex items-center gap-3 py-2.5', className)} {...props} />
  )
}

export function ItemContent({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="item-content" className={cn('min-w-0 flex-1', className)} {...props} />
}

/** The text of an item and the checkbox that it belongs to. */
export function ItemLabel({ className, htmlFor, ...props }: ComponentProps<'label'>) {
  return (
    <label
      data-slot="item-label"
      htmlFor={htmlFor}
      className={cn(
        'flex cursor-pointer gap-3 has-checked:text-muted-foreground has-checked:line-through',
        className,
      )}
      {...props}
    />
  )
}

export function ItemDescription({ className, ...props }: ComponentProps<'p'>) {
  return (
    <p
      data-slot="item-description"
      className={cn('text-sm/[1.6] text-muted-foreground', className)}
      {...props}
    />
  )
}

/** What a list shows while there is nothing in it. */
export function Empty({ className, ...props }: ComponentProps<'p'>) {
  return (
    <p
      data-slot="empty"
      className={cn(
        'rounded-lg border border-dashed px-4 py-8 text-center text-muted-foreground',
        className,
      )}
      {...props}
    />
  )
}
