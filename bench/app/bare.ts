import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

// The wiring of the guide, and of each page no more than a heading: what the stack costs
// before there is an app. Without it a figure could not be told from the stack's own.

const FILES = {
  'vite.config.ts': `import { tanstackStart } from '@tanstack/react-start/plugin/vite'
import viteReact from '@vitejs/plugin-react'
import { nitro } from 'nitro/vite'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [tanstackStart(), nitro(), viteReact()] })
`,
  'src/routes/index.tsx': `import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/')({ component: () => <h1>Hello</h1> })
`,
  'src/router.tsx': `import { ConvexQueryClient } from '@convex-dev/react-query'
import { QueryClient } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { setupRouterSsrQueryIntegration } from '@tanstack/react-router-ssr-query'
import { routeTree } from './routeTree.gen'

export function getRouter() {
  const convexQueryClient = new ConvexQueryClient(import.meta.env.VITE_CONVEX_URL, {
    expectAuth: true,
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
  const router = createRouter({ routeTree, context: { queryClient, convexQueryClient } })
  setupRouterSsrQueryIntegration({ router, queryClient })
  return router
}
`,
  'src/lib/auth-client.ts': `import { convexClient } from '@convex-dev/better-auth/client/plugins'
import { createAuthClient } from 'better-auth/react'

export const authClient = createAuthClient({ plugins: [convexClient()] })
`,
  'src/lib/auth-server.ts': `import { convexBetterAuthReactStart } from '@convex-dev/better-auth/react-start'

export const { handler, getToken } = convexBetterAuthReactStart({
  convexUrl: import.meta.env.VITE_CONVEX_URL,
  convexSiteUrl: import.meta.env.VITE_CONVEX_SITE_URL,
})
`,
  'src/routes/__root.tsx': `import { ConvexBetterAuthProvider } from '@convex-dev/better-auth/react'
import { HeadContent, Outlet, Scripts, createRootRoute } from '@tanstack/react-router'
import { createServerFn } from '@tanstack/react-start'
import { authClient } from '../lib/auth-client'
import { getToken } from '../lib/auth-server'

const getAuth = createServerFn().handler(() => getToken())

export const Route = createRootRoute({
  head: () => ({ meta: [{ charSet: 'utf-8' }, { title: 'Bare' }] }),
  beforeLoad: async ({ context }) => {
    const token = await getAuth()
    if (token) context.convexQueryClient.serverHttpClient?.setAuth(token)
    return { token }
  },
  component: Root,
  shellComponent: Document,
})

function Root() {
  const { convexQueryClient, token } = Route.useRouteContext()
  const { convexClient } = convexQueryClient
  return (
    <ConvexBetterAuthProvider client={convexClient} authClient={authClient} initialToken={token}>
      <Outlet />
    </ConvexBetterAuthProvider>
  )
}

function Document({ children }) {
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
`,
  'src/routes/dashboard.tsx': `import { convexQuery } from '@convex-dev/react-query'
import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { api } from '../../convex/_generated/api'

const user = convexQuery(api.auth.getCurrentUser, {})
const tasks = convexQuery(api.tasks.list, { paginationOpts: { numItems: 50, cursor: null } })

export const Route = createFileRoute('/dashboard')({
  loader: ({ context: { queryClient } }) =>
    Promise.all([queryClient.ensureQueryData(user), queryClient.ensureQueryData(tasks)]),
  component: Dashboard,
})

function Dashboard() {
  return <h1>{useSuspenseQuery(user).data.name + useSuspenseQuery(tasks).data.page.length}</h1>
}
`,
  'src/routes/api/auth/$.ts': `import { createFileRoute } from '@tanstack/react-router'
import { handler } from '../../../lib/auth-server'

const forward = ({ request }) => handler(request)

export const Route = createFileRoute('/api/auth/$')({
  server: { handlers: { GET: forward, POST: forward } },
})
`,
}

/** Writes the app, on the Convex deployment and with the versions of the one beside it. */
export function writeBareApp(folder: string, beside: string): void {
  for (const [path, content] of Object.entries(FILES)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  for (const path of ['package.json', 'tsconfig.json', '.env.local', 'convex/_generated']) {
    cpSync(join(beside, path), join(folder, path), { recursive: true })
  }
}
