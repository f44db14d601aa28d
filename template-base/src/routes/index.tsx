import { Link, createFileRoute } from '@tanstack/react-router'
import { buttonVariants } from '~/components/ui/button'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from '~/components/ui/card'
import { Grid, Hero, Main } from '~/components/ui/layout'

export const Route = createFileRoute('/')({ component: Home })

const features = [
  { title: 'Accounts', file: 'convex/auth.ts', text: 'By Better Auth, inside your own backend.' },
  { title: 'Live data', file: 'convex/tasks.ts', text: 'Every tab follows, without a reload.' },
  {
    title: 'Server-rendered',
    file: 'src/routes/_authed/dashboard.tsx',
    text: 'No flash, no spinner.',
  },
  { title: 'Guarded', file: 'src/routes/_authed.tsx', text: 'Pages beside it ask for a sign-in.' },
  { title: 'Your look', file: 'src/styles/app.css', text: 'Colours and corners, light and dark.' },
  { title: 'Your page', file: 'src/routes/index.tsx', text: 'You are looking at it: replace it.' },
]

function Home() {
  return (
    <Main width="wide">
      <Hero
        title="Your app, with accounts and live data"
        description={
          <>
            <a href="https://tanstack.com/start">TanStack Start</a>,{' '}
            <a href="https://docs.convex.dev">Convex</a> and{' '}
            <a href="https://www.better-auth.com/docs">Better Auth</a>, wired together and ready to
            be changed.
          </>
        }
      >
        <WayIn />
      </Hero>
      <Grid>
        {features.map(({ title, text, file }) => (
          <Card key={file}>
            <CardHeader>
              <CardTitle>{title}</CardTitle>
              <CardDescription>{text}</CardDescription>
            </CardHeader>
            <CardContent>
              <p>
                <code>{file}</code>
              </p>
            </CardContent>
          </Card>
        ))}
      </Grid>
    </Main>
  )
}

function WayIn() {
  const { auth } = Route.useRouteContext()
  if (auth.status !== 'signed-out') {
    return (
      <Link to="/dashboard" className={buttonVariants({ size: 'lg' })}>
        Go to your tasks
      </Link>
    )
  }
  return (
    <>
      <Link to="/sign-up" className={buttonVariants({ size: 'lg' })}>
        Create account
      </Link>
      <Link to="/sign-in" className={buttonVariants({ variant: 'outline', size: 'lg' })}>
        Sign in
      </Link>
    </>
  )
}
