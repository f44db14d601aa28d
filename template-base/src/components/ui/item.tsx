import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export function ItemGroup({ className, ...props }: ComponentProps<'ul'>) {
  return <ul data-slot="item-group" className={cn('item-group', className)} {...props} />
}

export function Item({ className, ...props }: ComponentProps<'li'>) {
  return <li data-slot="item" className={cn('item', className)} {...props} />
}

export function ItemContent({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="item-content" className={cn('item-content', className)} {...props} />
}

export function ItemDescription({ className, ...props }: ComponentProps<'p'>) {
  return <p data-slot="item-description" className={cn('muted', className)} {...props} />
}

/** The text of an item and the checkbox that it belongs to. */
export function ItemLabel({ className, ...props }: ComponentProps<'label'>) {
  return <label data-slot="item-label" className={cn('item-label', className)} {...props} />
}
