import { Link, createFileRoute } from '@tanstack/react-router'
import { buttonVariants } from '~/components/ui/button'
import { Card, CardContent, CardHeader, CardTitle } from '~/components/ui/card'
import { Grid, Hero, Main } from '~/components/ui/layout'

export const Route = createFileRoute('/')({ component: Home })

const features = [
  {
    title: 'Accounts',
    text: 'Sign-up, sign-in, password change and sessions, run by Better Auth inside your own backend.',
    file: 'convex/auth.ts',
  },
  {
    title: 'Live data',
    text: 'Tasks that every tab follows without a reload, and that nobody else can read or change.',
    file: 'convex/tasks.ts',
  },
  {
    title: 'Rendered on the server',
    text: 'A signed-in page arrives with its user and its data: no flash, no spinner.',
    file: 'src/routes/_authed/dashboard.tsx',
  },
  {
    title: 'Guarded on the server',
    text: 'Put a page into this folder, and it is for signed-in users.',
    file: 'src/routes/_authed.tsx',
  },
]

function Home() {
  return (
    <Main width="wide">
      <Hero
        title="Your app, with accounts and live data"
        description="TanStack Start, Convex and Better Auth, wired together and ready to be changed."
      >
        <WayIn />
      </Hero>
      <Grid>
        {features.map(({ title, text, file }) => (
          <Card key={file}>
            <CardHeader>
              <CardTitle>{title}</CardTitle>
            </CardHeader>
            <CardContent>
              <p>{text}</p>
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
