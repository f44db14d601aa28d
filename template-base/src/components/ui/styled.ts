import { createElement, type ComponentProps, type FC, type JSX } from 'react'

/**
 * Makes a component of an element that has a look: a `className` is added to it, and
 * `attributes` are those that it always has.
 */
export const styled =
  <Tag extends keyof JSX.IntrinsicElements>(
    tag: Tag,
    slot: string,
    look: string,
    attributes?: Record<string, string>,
  ): FC<ComponentProps<Tag>> =>
  ({ className = '', ...props }: { className?: string }) =>
    createElement(tag as string, {
      'data-slot': slot,
      className: `${look} ${className}`.trimEnd(),
      ...attributes,
      ...props,
    })
