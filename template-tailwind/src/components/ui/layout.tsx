import type { ComponentProps, ReactNode } from 'react'
import { cn } from '~/lib/utils'

export function Header({ className, ...props }: ComponentProps<'header'>) {
  return (
    <header
      data-slot="header"
      className={cn(
        'flex flex-wrap items-center gap-1 border-b bg-card px-[max(1rem,50%-31rem)] py-2',
        className,
      )}
      {...props}
    />
  )
}

export function Brand({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      data-slot="brand"
      className={cn(
        'min-w-0 flex-1 *:flex *:min-h-8 *:w-fit *:items-center *:gap-2 *:leading-tight *:font-semibold *:tracking-tight *:wrap-anywhere',
        className,
      )}
      {...props}
    />
  )
}

export function Nav({ className, ...props }: ComponentProps<'nav'>) {
  return (
    <nav
      data-slot="nav"
      className={cn('flex items-center gap-1 max-sm:w-full max-sm:justify-between', className)}
      {...props}
    />
  )
}

export function Grid({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      data-slot="grid"
      className={cn('grid gap-4 sm:grid-cols-2 lg:grid-cols-3', className)}
      {...props}
    />
  )
}

const main = 'mx-auto flex flex-col gap-6 px-4 py-10'
const widths = { narrow: 'max-w-md', default: 'max-w-2xl' }

interface PageProps {
  title: string
  description?: ReactNode
  /** `narrow` is for a form. */
  width?: keyof typeof widths
  children?: ReactNode
}

export const Page = ({ title, description, width = 'default', children }: PageProps) => (
  <main className={cn(main, widths[width])}>
    <div className="grid gap-1 wrap-anywhere">
      <h1 className="line-clamp-2 text-2xl font-semibold tracking-tight">{title}</h1>
      {description && <p className="text-muted-foreground">{description}</p>}
    </div>
    {children}
  </main>
)

interface LandingPageProps extends Omit<PageProps, 'width'> {
  /** What to do first. */
  actions: ReactNode
}

export const LandingPage = ({ title, description, actions, children }: LandingPageProps) => (
  <main className={cn(main, 'max-w-5xl')}>
    {/* Neither centred nor balanced: both would move the text while the rest of it arrives. */}
    <div className="grid gap-5 py-8 sm:py-16">
      <h1 className="max-w-2xl text-4xl font-bold tracking-tight sm:text-5xl/[1.1]">{title}</h1>
      <p className="max-w-xl text-lg text-muted-foreground">{description}</p>
      <div className="flex flex-wrap gap-3">{actions}</div>
    </div>
    {children}
  </main>
)
