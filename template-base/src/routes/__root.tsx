import type { ConvexQueryClient } from '@convex-dev/react-query'
import type { QueryClient } from '@tanstack/react-query'
import {
  HeadContent,
  Outlet,
  ScriptOnce,
  Scripts,
  createRootRouteWithContext,
  useRouter,
} from '@tanstack/react-router'
import { ConvexProviderWithAuth } from 'convex/react'
import { useEffect, type ReactNode } from 'react'
import { DefaultCatchBoundary } from '~/components/DefaultCatchBoundary'
import { NavigationProgress } from '~/components/navigation-progress'
import { NotConfigured } from '~/components/NotConfigured'
import { SiteHeader } from '~/components/site-header'
import { showTheme } from '~/components/theme-switch'
import { authQuery, followSession, refreshAuth, useAuth, type Auth } from '~/lib/auth'
import { isConfigured } from '~/lib/env'
import { answer503 } from '~/lib/unreachable'
import appCss from '~/styles/app.css?url'

interface RouterContext {
  queryClient: QueryClient
  convexQueryClient: ConvexQueryClient
}

interface AuthContext {
  auth: Auth | { status: 'unreachable' }
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
  beforeLoad: async ({ context: { queryClient, convexQueryClient } }): Promise<AuthContext> => {
    if (!isConfigured) {
      answer503()
      return { auth: { status: 'unreachable' } }
    }
    const asked = queryClient.fetchQuery(authQuery)
    const auth = await asked.catch(() => ({ status: 'unreachable' }) as const)
    // On the server, loaders query Convex over HTTP, as this user.
    if (auth.status === 'signed-in') convexQueryClient.serverHttpClient?.setAuth(auth.token)
    return { auth }
  },
  shellComponent: Document,
  component: isConfigured ? Root : NotConfigured,
  errorComponent: DefaultCatchBoundary,
})

function Document({ children }: { children: ReactNode }) {
  const { auth } = Route.useRouteContext()
  return (
    <html lang="en" data-auth={auth.status} suppressHydrationWarning>
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

function Root() {
  const { auth, convexQueryClient, queryClient } = Route.useRouteContext()
  const router = useRouter()
  const userId = auth.status === 'unreachable' ? undefined : auth.userId
  useEffect(() => {
    if (userId !== undefined) return followSession(queryClient, userId)
    // The server could not ask: until somebody knows, a public page's data stands still, too.
    void refreshAuth(queryClient).then(() => router.invalidate())
  }, [queryClient, router, userId])

  return (
    <ConvexProviderWithAuth client={convexQueryClient.convexClient} useAuth={useAuth}>
      <NavigationProgress />
      <SiteHeader status={auth.status} />
      <Outlet />
    </ConvexProviderWithAuth>
  )
}
