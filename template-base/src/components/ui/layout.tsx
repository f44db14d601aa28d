import type { ComponentProps, ReactNode } from 'react'
import { cn } from '~/lib/utils'

export function Header({ className, ...props }: ComponentProps<'header'>) {
  return <header data-slot="header" className={cn('header', className)} {...props} />
}

export function Brand({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="brand" className={cn('brand', className)} {...props} />
}

export function Nav({ className, ...props }: ComponentProps<'nav'>) {
  return <nav data-slot="nav" className={cn('nav', className)} {...props} />
}

export function Grid({ className, ...props }: ComponentProps<'div'>) {
  return <div data-slot="grid" className={cn('grid', className)} {...props} />
}

interface PageProps {
  title: string
  description?: ReactNode
  /** `narrow` is for a form. */
  width?: 'narrow' | 'default'
  children?: ReactNode
}

export const Page = ({ title, description, width = 'default', children }: PageProps) => (
  <main className={cn('main', `main-${width}`)}>
    <div className="page-heading">
      <h1>{title}</h1>
      {description && <p className="muted">{description}</p>}
    </div>
    {children}
  </main>
)

interface LandingPageProps extends Omit<PageProps, 'width'> {
  /** What to do first. */
  actions: ReactNode
}

export const LandingPage = ({ title, description, actions, children }: LandingPageProps) => (
  <main className="main main-wide">
    <div className="hero">
      <h1>{title}</h1>
      <p className="muted">{description}</p>
      <div className="hero-actions">{actions}</div>
    </div>
    {children}
  </main>
)
