import { Alert } from './ui/alert'
import { Button } from './ui/button'
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
