import type { ComponentProps } from 'react'

export function ItemGroup(props: ComponentProps<'ul'>) {
  return <ul data-slot="item-group" className="item-group" {...props} />
}

export function Item(props: ComponentProps<'li'>) {
  return <li data-slot="item" className="item" {...props} />
}

export function ItemContent(props: ComponentProps<'div'>) {
  return <div data-slot="item-content" className="item-content" {...props} />
}

/** The text of an item and the checkbox that it belongs to. */
export function ItemLabel({ htmlFor, ...props }: ComponentProps<'label'>) {
  return <label data-slot="item-label" className="item-label" htmlFor={htmlFor} {...props} />
}

export function ItemDescription(props: ComponentProps<'p'>) {
  return <p data-slot="item-description" className="muted" {...props} />
}

/** What a list shows while there is nothing in it. */
export function Empty(props: ComponentProps<'div'>) {
  return <div data-slot="empty" className="empty" {...props} />
}
