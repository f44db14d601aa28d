import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function ItemGroup({ className, ...props }: ComponentProps<'ul'>) {
  return <ul data-slot="item-group" className={cn('-my-2 divide-y', className)} {...props} />
}

export function Item({ className, ...props }: ComponentProps<'li'>) {
  return (
    <li
      data-slot="item"
      className={cn('flex items-center gap-3 py-2 text-sm', className)}
      {...props}
    />
  )
}

export function ItemContent({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      data-slot="item-content"
      className={cn('flex min-w-0 flex-1 flex-col gap-1', className)}
      {...props}
    />
  )
}

export function ItemDescription({ className, ...props }: ComponentProps<'p'>) {
  return (
    <p data-slot="item-description" className={cn('text-muted-foreground', className)} {...props} />
  )
}

/** The text of an item and the checkbox that it belongs to. */
export function ItemLabel({ className, ...props }: ComponentProps<'label'>) {
  return (
    <label
      data-slot="item-label"
      className={cn(
        'flex cursor-pointer items-center gap-3 py-1 *:min-w-0 has-checked:text-muted-foreground has-checked:line-through',
        className,
      )}
      {...props}
    />
  )
}
