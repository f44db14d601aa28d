import { Link, useRouter } from '@tanstack/react-router'
import { missingEnv } from '~/lib/env'
import { Section } from './section'
import { Alert } from './ui/alert'
import { Button, buttonVariants } from './ui/button'
import { Page } from './ui/layout'

/** What went wrong stays in the log: a visitor must never see a stack. */
export function ErrorPage() {
  return (
    <Page title="Something went wrong" width="narrow">
      <Alert>The page could not be shown. Trying again often helps.</Alert>
      <div>
        {/* A full load: the session may have ended, which the server will say. */}
        <Button onClick={() => location.reload()}>Try again</Button>
      </div>
    </Page>
  )
}

export function BackendUnreachable() {
  const router = useRouter()
  return (
    <Page title="Be right back" width="narrow">
      <Alert>
        The backend can’t be reached at the moment. You are still signed in, and nothing is lost.
      </Alert>
      <div>
        <Button onClick={() => router.invalidate()}>Try again</Button>
      </div>
    </Page>
  )
}

export function NotFound() {
  return (
    <Page title="Page not found" description="There is nothing at this address." width="narrow">
      <div>
        <Link to="/" className={buttonVariants({ variant: 'outline' })}>
          Back to the start
        </Link>
      </div>
    </Page>
  )
}

/** What every page shows until the app knows its Convex deployment. */
export function NotConfigured() {
  const description = 'The app does not know its Convex deployment yet.'
  return (
    <Page title="One step left: connect Convex" description={description}>
      <Section title="Missing in .env.local" description={<code>{missingEnv().join(', ')}</code>}>
        <p>
          Choose or create a deployment, which writes .env.local, and set the variables of the
          deployment:
        </p>
        <pre>npx convex init{'\n'}npx convex env set --from-file .env.convex</pre>
        <p>
          Then run <code>npm run dev</code> again, or, for a deployed app, build it again: both
          variables are compiled into it.
        </p>
      </Section>
    </Page>
  )
}
