import type { ReactNode } from 'react'
import { cn } from '~/lib/utils'

interface Children {
  children?: ReactNode
}

export function Header({ children }: Children) {
  return (
    <header className="border-b bg-card">
      <div className="mx-auto flex max-w-272 flex-wrap items-center justify-between gap-x-4 gap-y-2 px-5 py-3">
        {children}
      </div>
    </header>
  )
}

export function Brand({ children }: Children) {
  return <span className="font-[650] tracking-[-0.01em]">{children}</span>
}

export function Nav({ children }: Children) {
  return <nav className="flex flex-wrap items-center gap-1">{children}</nav>
}

interface MainProps extends Children {
  /** `narrow` is for a form, `wide` for a grid. */
  width?: 'narrow' | 'default' | 'wide'
}

const maxWidth = {
  narrow: 'max-w-108',
  default: 'max-w-176',
  wide: 'max-w-272',
}

export function Main({ width = 'default', children }: MainProps) {
  return (
    <main className={cn('mx-auto grid gap-6 px-5 pt-10 pb-16 *:min-w-0', maxWidth[width])}>
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
      <div className="grid gap-1.5">
        <h1>{title}</h1>
        {description && <p className="text-muted-foreground">{description}</p>}
      </div>
      {children}
    </Main>
  )
}

/** The head of a landing page, with its actions below. */
export function Hero({ title, description, children }: Heading) {
  return (
    <div className="grid justify-items-center gap-4 py-[clamp(1.5rem,7vw,5rem)] text-center">
      <h1 className="max-w-[20ch] text-[clamp(2rem,6vw,3.25rem)] leading-[1.08] tracking-[-0.03em]">
        {title}
      </h1>
      <p className="max-w-136 text-lg/[1.6] text-balance text-muted-foreground">{description}</p>
      <div className="mt-2 flex flex-wrap justify-center gap-3">{children}</div>
    </div>
  )
}

export function Grid({ children }: Children) {
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,26rem),1fr))] gap-4">
      {children}
    </div>
  )
}
