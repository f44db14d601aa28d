import { createFileRoute, redirect } from '@tanstack/react-router'
import { unreachable } from '~/lib/unreachable'

/** Every page under `_authed/` is for signed-in users. */
export const Route = createFileRoute('/_authed')({
  beforeLoad: ({ context: { auth }, location }) => {
    if (auth.status === 'signed-out') {
      throw redirect({ to: '/sign-in', search: { redirect: location.href } })
    }
    // Not a redirect: the user is still signed in, only nobody can confirm it.
    if (auth.status === 'unreachable') throw unreachable()
  },
})
