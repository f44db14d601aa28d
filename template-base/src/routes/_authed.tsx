import { Outlet, createFileRoute, redirect } from '@tanstack/react-router'
import { createIsomorphicFn } from '@tanstack/react-start'
import { setResponseStatus } from '@tanstack/react-start/server'
import { BackendUnreachable } from '~/components/backend-unreachable'

const answer503 = createIsomorphicFn().server(() => setResponseStatus(503))

/** Every page under `_authed/` is for signed-in users. */
export const Route = createFileRoute('/_authed')({
  beforeLoad: ({ context: { auth }, location }) => {
    if (auth.status === 'signed-out') {
      throw redirect({ to: '/sign-in', search: { redirect: location.href } })
    }
    // Not a redirect: the user is still signed in, only nobody can confirm it.
    if (auth.status === 'unreachable') {
      answer503()
      throw new Error('Convex is unreachable')
    }
  },
  component: Outlet,
  errorComponent: BackendUnreachable,
})
