import { queryOptions } from '@tanstack/react-query'
import { createIsomorphicFn, createServerFn, createServerOnlyFn } from '@tanstack/react-start'
import { getRequest } from '@tanstack/react-start/server'
import { getSessionCookie } from 'better-auth/cookies'
import { convexSiteUrl } from './env'

export type Auth =
  | { status: 'signed-in'; token: string; userId: string }
  | { status: 'signed-out' }
  | { status: 'unreachable' }

// getToken() of ./auth-server answers undefined both to a visitor and to a user
// whose backend is down. A guard must tell them apart, so this asks by itself.
const readAuth = createServerOnlyFn(async (): Promise<Auth> => {
  const request = getRequest()
  if (!getSessionCookie(request)) return { status: 'signed-out' }
  const cookie = request.headers.get('cookie') ?? ''
  try {
    const response = await fetch(`${convexSiteUrl}/api/auth/convex/token`, { headers: { cookie } })
    if (response.status === 401) return { status: 'signed-out' }
    if (!response.ok) return { status: 'unreachable' }
    const { token } = (await response.json()) as { token: string }
    const [, claims = ''] = token.split('.')
    const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string }
    return { status: 'signed-in', token, userId: sub }
  } catch {
    return { status: 'unreachable' }
  }
})

const fetchAuth = createServerFn().handler(() => readAuth())

// Directly where the server renders: a call of a server function costs it a fifth more.
const auth = createIsomorphicFn()
  .server(readAuth)
  .client(() => fetchAuth())

const TOKEN_IS_FRESH_MS = 10 * 60_000 // of the 15 minutes that it lives

/** Cached, so that a navigation or a hover costs no request. */
export const authQuery = queryOptions({
  queryKey: ['auth'],
  queryFn: () => auth(),
  staleTime: ({ state }) => (state.data?.status === 'unreachable' ? 0 : TOKEN_IS_FRESH_MS),
})
