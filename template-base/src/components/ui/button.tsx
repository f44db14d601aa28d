import { useHydrated } from '@tanstack/react-router'
import type { ComponentProps } from 'react'

interface ButtonStyle {
  variant?: 'default' | 'outline' | 'ghost' | 'destructive'
  size?: 'default' | 'sm' | 'lg' | 'icon-sm'
}

/** For a link that looks like a button. */
export const buttonVariants = ({ variant = 'default', size = 'default' }: ButtonStyle = {}) =>
  `button button-${variant} button-size-${size}`

export function Button({
  variant,
  size,
  type = 'button',
  disabled = false,
  ...props
}: ComponentProps<'button'> & ButtonStyle) {
  // Until React listens, a click would be lost, and a form sent by the browser.
  const hydrated = useHydrated()
  return (
    <button
      data-slot="button"
      data-disabled={disabled || undefined}
      type={type}
      disabled={disabled || !hydrated}
      className={buttonVariants({ variant, size })}
      {...props}
    />
  )
}
