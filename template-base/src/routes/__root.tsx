import type { ConvexQueryClient } from '@convex-dev/react-query'
import { ConvexBetterAuthProvider } from '@convex-dev/better-auth/react'
import type { QueryClient } from '@tanstack/react-query'
import {
  HeadContent,
  Outlet,
  ScriptOnce,
  Scripts,
  createRootRouteWithContext,
} from '@tanstack/react-router'
import { useEffect, useMemo, type ReactNode } from 'react'
import { ErrorPage } from '~/components/error-page'
import { NotConfigured } from '~/components/not-configured'
import { SiteHeader } from '~/components/site-header'
import { showTheme } from '~/components/theme-switch'
import { answer503 } from '~/lib/answer-503'
import { authQuery, type Auth } from '~/lib/auth'
import { authClientOfPage } from '~/lib/auth-client'
import { missingEnv } from '~/lib/env'
import { followSession } from '~/lib/sign-out'
import appCss from '~/styles/app.css?url'

const appName = import.meta.env.VITE_APP_NAME

export const Route = createRootRouteWithContext<{
  queryClient: QueryClient
  convexQueryClient: ConvexQueryClient
}>()({
  head: () => ({
    meta: [
      { charSet: 'utf-8' },
      { name: 'viewport', content: 'width=device-width, initial-scale=1' },
      { name: 'color-scheme', content: 'light dark' },
      { title: appName },
      { name: 'description', content: 'Accounts and live data, on your own backend.' },
    ],
    links: [
      { rel: 'stylesheet', href: appCss },
      { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' },
    ],
  }),
  beforeLoad: async ({ context }) => {
    if (missingEnv.length > 0) {
      answer503()
      return { auth: { status: 'unreachable' } satisfies Auth }
    }
    const auth = await context.queryClient.fetchQuery(authQuery)
    // On the server, loaders query Convex over HTTP, as this user.
    if (auth.status === 'signed-in') {
      context.convexQueryClient.serverHttpClient?.setAuth(auth.token)
    }
    return { auth }
  },
  shellComponent: Document,
  component: missingEnv.length > 0 ? NotConfigured : Root,
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
        {missingEnv.length === 0 && <Scripts />}
      </body>
    </html>
  )
}

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
      <SiteHeader authStatus={auth.status} />
      <Outlet />
    </ConvexBetterAuthProvider>
  )
}
