import { useHydrated, useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { shownAgain } from './leave-to'
import { takeReturnPath } from './return-path'

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Of a link in a mail: a page that is loaded anew still has it, and no address names it. */
    token?: string
  }
}

/** `?token=` of a link in a mail, as routes read it. */
export const tokenSearch = ({ token }: Record<string, unknown>): { token?: string } => ({
  // Undefined, not left out: the router would keep what came, such as a list for two tokens.
  token: typeof token === 'string' ? token : undefined,
})

/**
 * The token of the link that was opened, or '' without one. The address bar forgets it at once.
 * Undefined until React listens: what the history keeps, the server doesn't know.
 */
export function useLinkToken({ token }: { token?: string }) {
  const navigate = useNavigate()
  const isHydrated = useHydrated()
  const kept = useRouterState({ select: ({ location }) => location.state.token })
  useEffect(() => {
    if (token) void navigate({ to: '.', search: {}, state: { token }, replace: true })
  }, [navigate, token])
  return {
    token: token ?? (isHydrated ? (kept ?? '') : undefined),
    forget: () => navigate({ to: '.', search: {}, state: {}, replace: true }),
  }
}

/** To the page that was asked for, in the place of this one: Back finds no link that was used. */
export function leaveLink(): Promise<void> {
  location.replace(takeReturnPath())
  return shownAgain()
}

/** Whether a link is for another address of an account, as its token says itself, unproven. */
export function isForChange(token: string): boolean {
  try {
    const claims = token.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? ''
    return 'updateTo' in JSON.parse(atob(claims))
  } catch {
    return false
  }
}
