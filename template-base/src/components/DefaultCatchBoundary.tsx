import type { ErrorComponentProps } from '@tanstack/react-router'
import { isUnreachable } from '~/lib/unreachable'
import { BackendUnreachable } from './BackendUnreachable'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { Page } from './ui/layout'

/** In production, what went wrong stays in the log: a visitor must never see a stack. */
export function DefaultCatchBoundary({ error }: ErrorComponentProps) {
  if (isUnreachable(error)) return <BackendUnreachable />
  return (
    <Page title="Something went wrong" width="narrow">
      <Alert>The page could not be shown. Trying again often helps.</Alert>
      {import.meta.env.DEV && <pre>{error instanceof Error ? error.stack : String(error)}</pre>}
      <div>
        {/* A full load: the session may have ended, which the server will say. */}
        <Button onClick={() => location.reload()}>Try again</Button>
      </div>
    </Page>
  )
}
