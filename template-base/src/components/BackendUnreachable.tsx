import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { refreshAuth } from '~/lib/auth'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { Page } from './ui/layout'

const root = getRouteApi('__root__')

/** Goes on by itself as soon as the backend answers. */
export function BackendUnreachable() {
  const router = useRouter()
  const queryClient = useQueryClient()
  const { auth } = root.useRouteContext()
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
        The backend can’t be reached at the moment.{' '}
        {auth.status !== 'signed-out' && 'You are still signed in, and nothing is lost.'}
      </Alert>
      <div>
        <Button onClick={() => router.invalidate()}>Try again</Button>
      </div>
    </Page>
  )
}
