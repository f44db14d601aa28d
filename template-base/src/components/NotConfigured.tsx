import { missingEnv } from '~/lib/env'
import { Section } from './section'
import { Page } from './ui/layout'

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
