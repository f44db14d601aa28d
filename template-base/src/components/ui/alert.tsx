import type { ComponentProps } from 'react'

/** Read out at once by a screen reader. */
export function Alert(props: ComponentProps<'div'>) {
  return <div data-slot="alert" role="alert" className="alert" {...props} />
}

/** Good news: read out when the user pauses. */
export function Notice(props: ComponentProps<'output'>) {
  return <output data-slot="notice" className="notice" {...props} />
}
