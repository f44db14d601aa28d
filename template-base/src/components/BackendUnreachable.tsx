import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { refreshAuth } from '~/lib/auth'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { Page } from './ui/layout'

/** Goes on by itself as soon as the backend answers. */
export function BackendUnreachable() {
  const router = useRouter()
  const queryClient = useQueryClient()
  useEffect(() => {
    const timer = setTimeout(async () => {
      await refreshAuth(queryClient)
      await router.invalidate()
    }, 2000)
    return () => clearTimeout(timer)
  }, [router, queryClient])

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
