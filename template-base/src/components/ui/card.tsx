import type { ComponentProps } from 'react'

export function Card(props: ComponentProps<'section'>) {
  return <section data-slot="card" className="card" {...props} />
}

export function CardHeader(props: ComponentProps<'div'>) {
  return <div data-slot="card-header" className="card-header" {...props} />
}

export function CardTitle({ children, ...props }: ComponentProps<'h2'>) {
  return (
    <h2 data-slot="card-title" className="card-title" {...props}>
      {children}
    </h2>
  )
}

export function CardDescription(props: ComponentProps<'p'>) {
  return <p data-slot="card-description" className="muted small" {...props} />
}

export function CardContent(props: ComponentProps<'div'>) {
  return <div data-slot="card-content" className="card-content" {...props} />
}
