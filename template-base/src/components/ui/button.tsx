import { useHydrated } from '@tanstack/react-router'
import type { ComponentProps } from 'react'
import { cn } from '~/lib/utils'

interface ButtonStyle {
  variant?: 'default' | 'outline' | 'ghost' | 'destructive'
  size?: 'default' | 'sm' | 'lg' | 'icon-sm'
  className?: string
}

/** For a link that looks like a button. */
export const buttonVariants = ({
  variant = 'default',
  size = 'default',
  className,
}: ButtonStyle = {}) => cn(`button button-${variant} button-size-${size}`, className)

export function Button({
  className,
  variant,
  size,
  disabled,
  ...props
}: ComponentProps<'button'> & ButtonStyle) {
  // Until React listens, a click would be lost, and a form sent by the browser.
  const hydrated = useHydrated()
  return (
    <button
      data-slot="button"
      data-disabled={disabled || undefined}
      type="button"
      disabled={disabled || !hydrated}
      className={buttonVariants({ variant, size, className })}
      {...props}
    />
  )
}
