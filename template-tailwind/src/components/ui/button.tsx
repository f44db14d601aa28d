import { Slot } from '@radix-ui/react-slot'
import { useHydrated } from '@tanstack/react-router'
import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export const buttonVariants = cva(
  "inline-flex shrink-0 items-center justify-center gap-2 rounded-md text-sm font-medium whitespace-nowrap transition-colors not-disabled:cursor-pointer data-disabled:opacity-50 motion-reduce:transition-none [&_svg]:pointer-events-none [&_svg]:shrink-0 [&_svg:not([class*='size-'])]:size-4",
  {
    variants: {
      variant: {
        default: 'bg-primary text-primary-foreground not-disabled:hover:bg-primary/90',
        destructive: 'bg-destructive text-background not-disabled:hover:bg-destructive/90',
        outline: 'border bg-card shadow-xs not-disabled:hover:bg-accent',
        secondary: 'bg-secondary text-secondary-foreground not-disabled:hover:bg-secondary/80',
        ghost:
          'text-muted-foreground not-disabled:hover:bg-accent not-disabled:hover:text-accent-foreground aria-[current=page]:text-foreground',
        link: 'text-primary underline-offset-4 hover:underline',
      },
      size: {
        default: 'h-9 px-4',
        xs: 'h-6 gap-1 px-2 text-xs',
        sm: 'h-8 gap-1.5 px-3',
        lg: 'h-10 px-6',
        icon: 'size-9',
        'icon-xs': 'size-6',
        'icon-sm': 'size-8',
        'icon-lg': 'size-10',
      },
    },
    defaultVariants: { variant: 'default', size: 'default' },
  },
)

interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof buttonVariants> {
  /** Gives the look to the child instead, such as a link. */
  asChild?: boolean
}

export function Button({ className, variant, size, asChild, disabled, ...props }: ButtonProps) {
  // Until React listens, a click would be lost, and a form sent by the browser.
  const hydrated = useHydrated()
  const look = {
    'data-slot': 'button',
    className: cn(buttonVariants({ variant, size, className })),
  }
  if (asChild) return <Slot {...look} {...props} />
  return (
    <button
      {...look}
      data-disabled={disabled || undefined}
      type="button"
      disabled={disabled || !hydrated}
      {...props}
    />
  )
}
