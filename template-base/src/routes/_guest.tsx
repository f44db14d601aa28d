import { createFileRoute, redirect } from '@tanstack/react-router'
import { redirectSearch, safeRedirect } from '~/lib/safe-redirect'

/** Every page under `_guest/` is for visitors who are signed out. */
export const Route = createFileRoute('/_guest')({
  validateSearch: redirectSearch,
  beforeLoad: ({ context: { auth }, search }) => {
    if (auth.status === 'signed-in') throw redirect({ href: safeRedirect(search.redirect) })
  },
})
