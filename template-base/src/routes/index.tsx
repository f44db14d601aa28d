import { Link, createFileRoute, getRouteApi } from '@tanstack/react-router'
import { Section } from '~/components/section'
import { buttonVariants } from '~/components/ui/button'
import { Grid, LandingPage } from '~/components/ui/layout'
import { HOME } from '~/lib/home'

const route = getRouteApi('/')

export const Route = createFileRoute('/')({ component: Home })

const features = [
  ['Accounts', 'By Better Auth, in your own backend.', 'convex/auth.ts'],
  ['Live data', 'Every tab follows, without a reload.', 'convex/tasks.ts'],
  ['Server-rendered', 'No flash, no spinner.', 'src/routes/_authed/dashboard.tsx'],
  ['Guarded', 'Pages beside it ask for a sign-in.', 'src/routes/_authed.tsx'],
  ['Your look', 'Colours and corners, light and dark.', 'src/styles/app.css'],
  ['Your page', 'You are looking at it: replace it.', 'src/routes/index.tsx'],
] as const

const description = (
  <>
    <a href="https://tanstack.com/start">TanStack Start</a>,{' '}
    <a href="https://docs.convex.dev">Convex</a> and{' '}
    <a href="https://www.better-auth.com/docs">Better Auth</a>, wired together and ready to be
    changed.
  </>
)

function Home() {
  const title = 'Your app, with accounts and live data'
  return (
    <LandingPage title={title} description={description} actions={<WayIn />}>
      <Grid>
        {features.map(([title, text, file]) => (
          <Section key={file} title={title} description={text}>
            <p>
              <code>{file}</code>
            </p>
          </Section>
        ))}
      </Grid>
    </LandingPage>
  )
}

function WayIn() {
  const { auth } = route.useRouteContext()
  const primary = buttonVariants({ size: 'lg' })
  if (auth.status !== 'signed-out') {
    return (
      <Link to={HOME} className={primary}>
        Go to your tasks
      </Link>
    )
  }
  return (
    <>
      <Link to="/sign-up" className={primary}>
        Create account
      </Link>
      <Link to="/sign-in" className={buttonVariants({ variant: 'outline', size: 'lg' })}>
        Sign in
      </Link>
    </>
  )
}
