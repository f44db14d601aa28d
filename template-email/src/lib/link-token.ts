import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

/** `?token=` of a link in a mail, as routes read it. */
export const tokenSearch = ({ token }: Record<string, unknown>): { token?: string } => ({
  // Undefined, not left out: the router would keep what came, such as a list for two tokens.
  token: typeof token === 'string' ? token : undefined,
})

/** The token of the link that was opened, which the address bar and the history forget at once. */
export function useLinkToken(search: { token?: string }): string | undefined {
  const [token] = useState(search.token)
  const navigate = useNavigate()
  useEffect(() => {
    if (search.token) void navigate({ to: '.', search: {}, replace: true })
  }, [navigate, search.token])
  return token
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
