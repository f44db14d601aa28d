import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Query, QueryClient } from '@tanstack/react-query'
import { createIsomorphicFn } from '@tanstack/react-start'
import { appendResponseHeader, getRequest } from '@tanstack/react-start/server'
import { getSessionCookie } from 'better-auth/cookies'
import { ConvexError } from 'convex/values'
import { useCallback } from 'react'
import { authClient, authFailure } from './auth-client'
import { convexSiteUrl } from './env'
import { fetchConvex } from './unreachable'

export type Auth =
  { status: 'signed-in'; userId: string; token: string } | { status: 'signed-out'; userId: null }

/** What Better Auth's answer to a request for a token says. Only a 401 means signed out. */
function authOf(status: number | undefined, token: string | undefined): Auth {
  if (status === 401) return { status: 'signed-out', userId: null }
  if (!token) throw new Error(`Better Auth answered ${status ?? 'nothing'}`)
  const [, claims = ''] = token.split('.')
  const { sub } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')))
  return { status: 'signed-in', userId: sub, token }
}

const fetchAuth = createIsomorphicFn()
  .server(async (_known?: Auth): Promise<Auth> => {
    const request = getRequest()
    if (!getSessionCookie(request)) return { status: 'signed-out', userId: null }
    const headers = { cookie: request.headers.get('cookie') ?? '' }
    const response = await fetchConvex(`${convexSiteUrl}/api/auth/convex/token`, { headers })
    // The request has renewed the session, once a day: the browser has to hear of it.
    for (const cookie of response.headers.getSetCookie()) appendResponseHeader('Set-Cookie', cookie)
    const { token } = response.ok ? ((await response.json()) as { token: string }) : {}
    return authOf(response.status, token)
  })
  .client(async (known?: Auth): Promise<Auth> => {
    const { data, error } = await authClient.convex.token()
    const auth = authOf(error?.status, data?.token)
    const isSame = known ? known.userId === auth.userId : auth.status === 'signed-in'
    return isSame ? auth : loadAnew()
  })

/**
 * Who is signed in. The server asks once for each page, and the page brings the answer along:
 * a navigation costs no request. Fails when nobody answers.
 */
export const authQuery = queryOptions({
  queryKey: ['auth'],
  queryFn: ({ client, queryKey }) => fetchAuth(client.getQueryData<Auth>(queryKey)),
  staleTime: Infinity,
  gcTime: Infinity,
  retry: false,
})

/** A new token, asked for until there is an answer: at once when the network or the tab is back. */
export const refreshAuth = (queryClient: QueryClient) =>
  queryClient.fetchQuery({
    ...authQuery,
    staleTime: 0,
    retry: true,
    retryDelay: (failures) => Math.min(500 * 2 ** failures, 5000),
  })

/** For `ConvexProviderWithAuth`: Convex's client asks for a new token before the old one ends. */
export function useAuth() {
  const queryClient = useQueryClient()
  const { data } = useQuery({ ...authQuery, enabled: false })
  const fetchAccessToken = useCallback(
    async ({ forceRefreshToken }: { forceRefreshToken: boolean }) => {
      const known = queryClient.getQueryData(authQuery.queryKey)
      const auth = known && !forceRefreshToken ? known : await refreshAuth(queryClient)
      return auth.status === 'signed-in' ? auth.token : null
    },
    [queryClient],
  )
  return { isLoading: !data, isAuthenticated: data?.status === 'signed-in', fetchAccessToken }
}

/** Whether the server found a session: its document says so, before there is a router. */
export const expectAuth = () =>
  typeof document !== 'undefined' && document.documentElement.dataset.auth !== 'signed-out'

/**
 * A page belongs to one user: what Convex's client has waited for or holds is theirs. Signing
 * in and out, and another user, load it anew. The promise keeps a button pending until then.
 */
function loadAnew(): Promise<never> {
  location.reload()
  return new Promise(() => {})
}

/** Signs out, which every tab of the browser hears. Answers why it could not. */
export async function signOut() {
  const failure = await authFailure(authClient.signOut())
  if (failure) return failure
  const channel = openChannel()
  if (!channel) return loadAnew()
  channel.postMessage(null)
  return new Promise<never>(() => {}) // This tab hears it, too.
}

/** Between tabs. Where the browser blocks a site's data they don't follow each other. */
function openChannel() {
  try {
    return new BroadcastChannel('session')
  } catch {
    return undefined
  }
}

/**
 * Loads this tab anew when its session has ended, here or elsewhere, and when another tab
 * has another user. Returns the clean-up.
 */
export function followSession(queryClient: QueryClient, userId: string | null): () => void {
  const channel = openChannel()
  channel?.addEventListener('message', ({ data }) => void (data !== userId && loadAnew()))
  channel?.postMessage(userId)
  const unsubscribe = queryClient.getQueryCache().subscribe(({ type, query }) => {
    // Convex's word alone would load a page again and again, should the two disagree. And a
    // page that ends its own session hears it from Convex, too, and is about to leave.
    if (type === 'updated' && isRefused(query)) setTimeout(() => refreshAuth(queryClient), 1000)
  })
  return () => {
    unsubscribe()
    channel?.close()
  }
}

const isRefused = ({ state: { error } }: Query) =>
  error instanceof ConvexError && error.data === 'Unauthenticated'
