import type { ReactNode } from 'react'
import { cn } from '~/lib/utils'

interface Children {
  children?: ReactNode
}

export function Header({ children }: Children) {
  return (
    <header className="border-b bg-card">
      <div className="mx-auto flex max-w-5xl flex-wrap items-center gap-1 px-4 py-2 *:first:mr-auto *:first:min-w-0">
        {children}
      </div>
    </header>
  )
}

export function Brand({ children }: Children) {
  return <span className="flex items-center gap-2 font-semibold tracking-tight">{children}</span>
}

export function Nav({ children }: Children) {
  return (
    <nav className="flex items-center gap-1 max-sm:w-full max-sm:justify-between">{children}</nav>
  )
}

const maxWidth = { narrow: 'max-w-md', default: 'max-w-2xl', wide: 'max-w-5xl' }

interface MainProps extends Children {
  /** `narrow` is for a form, `wide` for a grid. */
  width?: keyof typeof maxWidth
}

export function Main({ width = 'default', children }: MainProps) {
  return (
    <main className={cn('mx-auto flex flex-col gap-6 px-4 py-10', maxWidth[width])}>
      {children}
    </main>
  )
}

interface Heading extends Children {
  title: string
  description?: ReactNode
}

export function Page({ title, description, children, ...props }: Heading & MainProps) {
  return (
    <Main {...props}>
      <div className="grid gap-1 wrap-anywhere">
        <h1 className="line-clamp-2 text-2xl font-semibold tracking-tight">{title}</h1>
        {description && <p className="text-muted-foreground">{description}</p>}
      </div>
      {children}
    </Main>
  )
}

/** The head of a landing page, with its actions below. */
export function Hero({ title, description, children }: Heading) {
  return (
    <div className="flex flex-col items-center gap-5 py-8 text-center text-balance sm:py-16">
      <h1 className="max-w-2xl text-4xl font-bold tracking-tight sm:text-5xl">{title}</h1>
      <p className="max-w-xl text-lg text-muted-foreground">{description}</p>
      <div className="flex flex-wrap justify-center gap-3">{children}</div>
    </div>
  )
}

export function Grid({ children }: Children) {
  return <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">{children}</div>
}
