import type { ReactNode } from 'react'

interface Children {
  children?: ReactNode
}

export function Header({ children }: Children) {
  return (
    <header className="header">
      <div className="header-content">{children}</div>
    </header>
  )
}

export function Brand({ children }: Children) {
  return <span className="brand">{children}</span>
}

export function Nav({ children }: Children) {
  return <nav className="nav">{children}</nav>
}

interface MainProps extends Children {
  /** `narrow` is for a form, `wide` for a grid. */
  width?: 'narrow' | 'default' | 'wide'
}

export function Main({ width = 'default', children }: MainProps) {
  return <main className={`main main-${width}`}>{children}</main>
}

interface Heading extends Children {
  title: string
  description?: ReactNode
}

export function Page({ title, description, children, ...props }: Heading & MainProps) {
  return (
    <Main {...props}>
      <div className="page-heading">
        <h1>{title}</h1>
        {description && <p className="muted">{description}</p>}
      </div>
      {children}
    </Main>
  )
}

/** The head of a landing page, with its actions below. */
export function Hero({ title, description, children }: Heading) {
  return (
    <div className="hero">
      <h1>{title}</h1>
      <p className="muted">{description}</p>
      <div className="hero-actions">{children}</div>
    </div>
  )
}

export function Grid({ children }: Children) {
  return <div className="grid">{children}</div>
}
