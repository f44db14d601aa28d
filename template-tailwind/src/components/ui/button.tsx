import { useHydrated } from '@tanstack/react-router'
import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

export const buttonVariants = cva(
  'inline-flex items-center justify-center gap-2 rounded-lg border border-transparent font-[550] whitespace-nowrap transition-colors data-disabled:opacity-60',
  {
    variants: {
      variant: {
        default: 'bg-primary text-primary-foreground not-disabled:hover:bg-primary/90',
        outline:
          'border-border bg-card not-disabled:hover:bg-accent not-disabled:hover:text-accent-foreground',
        ghost:
          'text-muted-foreground not-disabled:hover:bg-accent not-disabled:hover:text-accent-foreground',
        destructive: 'bg-destructive text-background not-disabled:hover:bg-destructive/90',
      },
      size: {
        default: 'px-4 py-2 text-[0.9375rem]/normal',
        sm: 'px-3 py-[0.3125rem] text-sm/normal',
        lg: 'px-[1.375rem] py-[0.6875rem] text-base/normal',
      },
    },
    defaultVariants: { variant: 'default', size: 'default' },
  },
)

export function Button({
  className,
  variant,
  size,
  type = 'button',
  disabled = false,
  ...props
}: ComponentProps<'button'> & VariantProps<typeof buttonVariants>) {
  // Until React listens, a click would be lost, and a form sent by the browser.
  const hydrated = useHydrated()
  return (
    <button
      data-slot="button"
      data-disabled={disabled || undefined}
      type={type}
      disabled={disabled || !hydrated}
      className={cn(buttonVariants({ variant, size, className }))}
      {...props}
    />
  )
}
