import { Outlet, createFileRoute, redirect } from '@tanstack/react-router'
import { BackendUnreachable } from '~/components/messages'
import { answer503 } from '~/lib/answer-503'

/** Every page under `_authed/` is for signed-in users. */
export const Route = createFileRoute('/_authed')({
  beforeLoad: ({ context: { auth }, location }) => {
    if (auth.status === 'signed-out') {
      throw redirect({ to: '/sign-in', search: { redirect: location.href } })
    }
    // Not a redirect: the user is still signed in, only nobody can confirm it.
    if (auth.status === 'unreachable') {
      answer503()
      // Else the page's queries would wait. From the server an error would be
      // thrown once more in the browser, as React hydrates.
      if (!import.meta.env.SSR) throw new Error('Convex is unreachable')
    }
  },
  component: Authed,
  errorComponent: BackendUnreachable,
})

function Authed() {
  const { auth } = Route.useRouteContext()
  return auth.status === 'unreachable' ? <BackendUnreachable /> : <Outlet />
}
