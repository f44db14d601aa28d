import { createFileRoute, redirect } from '@tanstack/react-router'
import { redirectSearch, safeRedirect } from '~/lib/safe-redirect'
// @slot imports

interface GuestSearch {
  /** The page to go to after the sign-in. */
  redirect?: string
  /** What a provider, or Better Auth on the way back from it, said. */
  error?: string
}

/** Every page under `_guest/` is for visitors who are signed out. */
export const Route = createFileRoute('/_guest')({
  validateSearch: ({ error, ...search }: Record<string, unknown>): GuestSearch => ({
    ...redirectSearch(search),
    error: typeof error === 'string' ? error : undefined,
  }),
  beforeLoad: ({ context: { auth }, search }) => {
    if (auth.status === 'signed-in') {
      // @slot error
      throw redirect({ href: safeRedirect(search.redirect) })
    }
  },
})
