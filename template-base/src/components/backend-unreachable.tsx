import { useRouter } from '@tanstack/react-router'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { Page } from './ui/layout'

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
