import type { ConvexQueryClient } from '@convex-dev/react-query'
import { ConvexBetterAuthProvider, type AuthClient } from '@convex-dev/better-auth/react'
import type { QueryClient } from '@tanstack/react-query'
import {
  HeadContent,
  Outlet,
  ScriptOnce,
  Scripts,
  createRootRouteWithContext,
} from '@tanstack/react-router'
import { useEffect, useMemo, type ReactNode } from 'react'
import { ErrorPage, NotConfigured } from '~/components/messages'
import { SiteHeader } from '~/components/site-header'
import { showTheme } from '~/components/theme-switch'
import { answer503 } from '~/lib/answer-503'
import { authQuery, type Auth } from '~/lib/auth'
import { isConfigured } from '~/lib/env'
import { followSession } from '~/lib/sign-out'
import appCss from '~/styles/app.css?url'

interface RouterContext {
  queryClient: QueryClient
  convexQueryClient: ConvexQueryClient
}

export const Route = createRootRouteWithContext<RouterContext>()({
  head: () => ({
    meta: [
      { charSet: 'utf-8' },
      { name: 'viewport', content: 'width=device-width, initial-scale=1' },
      { name: 'color-scheme', content: 'light dark' },
      { title: import.meta.env.VITE_APP_NAME },
      { name: 'description', content: 'Accounts and live data, on your own backend.' },
    ],
    links: [
      { rel: 'stylesheet', href: appCss },
      { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' },
    ],
  }),
  beforeLoad: async ({ context: { queryClient, convexQueryClient } }) => {
    if (!isConfigured) {
      answer503()
      return { auth: { status: 'unreachable' } satisfies Auth }
    }
    const auth = await queryClient.fetchQuery(authQuery)
    // On the server, loaders query Convex over HTTP, as this user.
    if (auth.status === 'signed-in') convexQueryClient.serverHttpClient?.setAuth(auth.token)
    return { auth }
  },
  shellComponent: Document,
  component: isConfigured ? Root : NotConfigured,
  errorComponent: ErrorPage,
})

function Document({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <HeadContent />
        <ScriptOnce>{`(${showTheme.toString()})()`}</ScriptOnce>
      </head>
      <body>
        {children}
        {/* Without a URL, the page that says so is all there is, and Convex's client would fail. */}
        {isConfigured && <Scripts />}
      </body>
    </html>
  )
}

/**
 * What `ConvexBetterAuthProvider` needs of a client. Signing in and out load the page
 * anew, so it lives with the session that the server found: Better Auth's `useSession`
 * would ask for it again, and sign Convex out and in when the answer comes. The client
 * itself is loaded when the token that came with the page runs out.
 */
const authClientOfPage = (signedIn: boolean) =>
  ({
    convex: { token: async () => (await import('~/lib/auth-client')).authClient.convex.token() },
    useSession: () => ({ data: signedIn ? { session: {} } : null, isPending: false }),
  }) as unknown as AuthClient

function Root() {
  const { auth, convexQueryClient, queryClient } = Route.useRouteContext()
  const signedIn = auth.status === 'signed-in'
  const authClient = useMemo(() => authClientOfPage(signedIn), [signedIn])
  const userId = signedIn ? auth.userId : null
  useEffect(() => followSession(queryClient, userId), [queryClient, userId])

  return (
    <ConvexBetterAuthProvider
      client={convexQueryClient.convexClient}
      authClient={authClient}
      initialToken={signedIn ? auth.token : undefined}
    >
      <SiteHeader signedIn={signedIn} />
      <Outlet />
    </ConvexBetterAuthProvider>
  )
}
