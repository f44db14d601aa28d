import type { ReactNode } from 'react'
import { styled } from './styled'

export const Header = styled('header', 'header', 'header')
export const Brand = styled('span', 'brand', 'brand')
export const Nav = styled('nav', 'nav', 'nav')
export const Grid = styled('div', 'grid', 'grid')

interface PageProps {
  title: string
  description?: ReactNode
  /** `narrow` is for a form. */
  width?: 'narrow' | 'default'
  children?: ReactNode
}

export const Page = ({ title, description, width = 'default', children }: PageProps) => (
  <main className={`main main-${width}`}>
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
