import { missingEnv } from '~/lib/env'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from './ui/card'
import { Page } from './ui/layout'

/** What every page shows until the app knows its Convex deployment. */
export function NotConfigured() {
  return (
    <Page
      title="One step left: connect Convex"
      description="The app does not know its Convex deployment yet."
    >
      <Card>
        <CardHeader>
          <CardTitle>Missing in .env.local</CardTitle>
          <CardDescription>
            <code>{missingEnv.join(', ')}</code>
          </CardDescription>
        </CardHeader>
        <CardContent>
          <p>
            Choose or create a deployment, which writes .env.local, and set the variables of the
            deployment:
          </p>
          <pre>npx convex init{'\n'}npx convex env set --from-file .env.convex</pre>
          <p>
            Then run <code>npm run dev</code> again, or, for a deployed app, build it again: both
            variables are compiled into it.
          </p>
        </CardContent>
      </Card>
    </Page>
  )
}
