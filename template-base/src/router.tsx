import { ConvexQueryClient } from '@convex-dev/react-query'
import { QueryClient, notifyManager } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { setupRouterSsrQueryIntegration } from '@tanstack/react-router-ssr-query'
import { getGlobalStartContext } from '@tanstack/react-start'
import { ConvexHttpClient } from 'convex/browser'
import { DefaultCatchBoundary } from './components/DefaultCatchBoundary'
import { NotFound } from './components/NotFound'
import { expectAuth } from './lib/auth'
import { convexUrl } from './lib/env'
import { fetchConvex, inTime } from './lib/unreachable'
import { routeTree } from '~/routeTree.gen'

export function getRouter() {
  if (typeof document !== 'undefined') {
    // Not in the next frame: until then a checkbox would show its old state,
    // and a tab in the background has none.
    notifyManager.setScheduler(queueMicrotask)
  }
  const convexQueryClient = new ConvexQueryClient(convexUrl, {
    // Of a user's page, no query runs before its token is there: the server's render survives.
    expectAuth: expectAuth(),
    // The token that came with the page will do; else every load would ask for another.
    initialAuthTokenReuse: true,
  })
  if (convexQueryClient.serverHttpClient) {
    convexQueryClient.serverHttpClient = new ConvexHttpClient(convexUrl, { fetch: fetchConvex })
  }
  const convexQuery = convexQueryClient.queryFn()
  const queryClient = new QueryClient({
    defaultOptions: {
      // A query that fails on the server fails its page there: nobody in the browser waits for it.
      dehydrate: { shouldDehydrateQuery: ({ state }) => state.status === 'success' },
      queries: {
        queryKeyHashFn: convexQueryClient.hashFn(),
        queryFn: (context) => inTime(convexQuery(context)),
      },
    },
  })
  convexQueryClient.connect(queryClient)

  const router = createRouter({
    routeTree,
    defaultPreload: 'intent',
    context: { queryClient, convexQueryClient },
    scrollRestoration: true,
    defaultErrorComponent: DefaultCatchBoundary,
    defaultNotFoundComponent: NotFound,
    // Inline scripts and styles need it: src/lib/security-headers.ts.
    ssr: { nonce: getGlobalStartContext()?.nonce },
  })
  setupRouterSsrQueryIntegration({ router, queryClient })
  return router
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof getRouter>
  }
}
