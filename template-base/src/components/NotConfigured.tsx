import { missingEnv } from '~/lib/env'
import { Section } from './section'
import { Page } from './ui/layout'

const commands: string[] = [
  // As this project's package manager runs them.
  // @slot commands
]

/** What every page shows until the app knows its Convex deployment. */
export function NotConfigured() {
  const description = 'The app does not know its Convex deployment yet.'
  return (
    <Page title="One step left: connect Convex" description={description}>
      <Section title="Missing in .env.local" description={<code>{missingEnv().join(', ')}</code>}>
        <p>
          Choose or create a deployment, which writes .env.local, set the variables of the
          deployment, and start again:
        </p>
        <pre>{commands.join('\n')}</pre>
        <p>A deployed app has to be built again: both variables are compiled into it.</p>
      </Section>
    </Page>
  )
}
