import type { ComponentProps } from 'react'

interface ButtonStyle {
  variant?: 'default' | 'outline' | 'ghost' | 'destructive'
  size?: 'default' | 'sm' | 'lg'
}

/** For a link that looks like a button. */
export const buttonVariants = ({
  variant = 'default',
  size = 'default',
}: ButtonStyle = {}) => `button button-${variant} button-size-${size}`

export function Button({
  variant,
  size,
  type = 'button',
  ...props
}: ComponentProps<'button'> & ButtonStyle) {
  return (
    <button
      data-slot="button"
      type={type}
      className={buttonVariants({ variant, size })}
      {...props}
    />
  )
}
