import { ConvexQueryClient } from '@convex-dev/react-query'
import { QueryClient, notifyManager } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { setupRouterSsrQueryIntegration } from '@tanstack/react-router-ssr-query'
import { ErrorPage } from './components/error-page'
import { NotFound } from './components/not-found'
import { convexUrl } from './lib/env'
import { routeTree } from './routeTree.gen'

export function getRouter() {
  if (typeof document !== 'undefined') {
    // Not in the next frame: until then a checkbox would show its old state,
    // and a tab in the background has none.
    notifyManager.setScheduler(queueMicrotask)
  }
  // No query runs before its token is there: the server's render survives.
  const convexQueryClient = new ConvexQueryClient(convexUrl, {
    expectAuth: true,
    // Else the server asks for a timestamp before every page's first query. In
    // the browser, all queries still show the same moment.
    dangerouslyUseInconsistentQueriesDuringSSR: true,
  })
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: {
        queryKeyHashFn: convexQueryClient.hashFn(),
        queryFn: convexQueryClient.queryFn(),
      },
    },
  })
  convexQueryClient.connect(queryClient)

  const router = createRouter({
    routeTree,
    defaultPreload: 'intent',
    context: { queryClient, convexQueryClient },
    scrollRestoration: true,
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFound,
  })
  setupRouterSsrQueryIntegration({ router, queryClient })
  return router
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof getRouter>
  }
}
