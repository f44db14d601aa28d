import { useRouter } from '@tanstack/react-router'
import { Button } from './ui/button'
import { Page } from './ui/layout'

/** What went wrong stays in the log: a visitor must never see a stack. */
export function ErrorPage() {
  const router = useRouter()
  return (
    <Page
      title="Something went wrong"
      description="The page could not be shown. Trying again often helps."
      width="narrow"
    >
      <div role="alert">
        <Button onClick={() => router.invalidate()}>Try again</Button>
      </div>
    </Page>
  )
}
