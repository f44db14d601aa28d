import type { ConvexQueryClient } from '@convex-dev/react-query'
import { ConvexBetterAuthProvider, type AuthClient } from '@convex-dev/better-auth/react'
import type { QueryClient } from '@tanstack/react-query'
import { HeadContent, Outlet, Scripts, createRootRouteWithContext } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'
import { ErrorPage } from '~/components/error-page'
import { NotConfigured } from '~/components/not-configured'
import { SiteHeader } from '~/components/site-header'
import { answer503 } from '~/lib/answer-503'
import { authQuery, type Auth } from '~/lib/auth'
import { authClient } from '~/lib/auth-client'
import { missingEnv } from '~/lib/env'
import { followSignOut } from '~/lib/sign-out'
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
      { name: 'description', content: `${appName}: accounts and live data.` },
      { title: appName },
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
    <html lang="en">
      <head>
        <HeadContent />
      </head>
      <body>
        {children}
        <Scripts />
      </body>
    </html>
  )
}

function Root() {
  const { auth, convexQueryClient } = Route.useRouteContext()
  useEffect(followSignOut, [])

  return (
    <ConvexBetterAuthProvider
      client={convexQueryClient.convexClient}
      // better-auth 1.6's client and the provider's type disagree in optional
      // parts only (github.com/get-convex/better-auth/issues/393).
      authClient={authClient as unknown as AuthClient}
      initialToken={auth.status === 'signed-in' ? auth.token : undefined}
    >
      <SiteHeader authStatus={auth.status} />
      <Outlet />
    </ConvexBetterAuthProvider>
  )
}
