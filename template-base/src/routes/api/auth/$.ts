import { createFileRoute } from '@tanstack/react-router'
import { askedOrigin } from '~/lib/asked-origin'
import { handler } from '~/lib/auth-server'
import { inTime } from '~/lib/unreachable'
// @slot imports

// They describe the connection to Convex, not the one to the browser.
const HOP_HEADERS = [
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'transfer-encoding',
]

/** Forwards a Better Auth request to Convex, where Better Auth runs. */
async function proxy({ request }: { request: Request }) {
  const { pathname, search } = new URL(request.url)
  const asked = new Request(askedOrigin(request) + pathname + search, request)
  const response = await inTime(handler(asked)).catch(() => undefined)
  // @slot failure
  if (!response) {
    const message = 'The backend cannot be reached. Try again in a moment.'
    return Response.json({ message }, { status: 503 })
  }
  const headers = new Headers(response.headers)
  for (const name of HOP_HEADERS) headers.delete(name)
  // Streamed through, every second answer of `vite dev` would be an empty 400.
  const body = response.body && (await response.arrayBuffer())
  return new Response(body, { status: response.status, headers })
}

const methodNotAllowed = () => new Response(null, { status: 405, headers: { Allow: 'GET, POST' } })

export const Route = createFileRoute('/api/auth/$')({
  server: { handlers: { GET: proxy, POST: proxy, HEAD: methodNotAllowed, ANY: methodNotAllowed } },
})
