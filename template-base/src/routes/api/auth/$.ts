import { createFileRoute } from '@tanstack/react-router'
import { getRequestHeader, getRequestIP } from '@tanstack/react-start/server'
import { takeAttempt } from '~/lib/address-limit'
import { handler } from '~/lib/auth-server'
import { tooManyAttempts } from '../../../../convex/attempts'

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
  const { pathname } = new URL(request.url)
  const attempt = /\/sign-(in|up)\//.test(pathname) ? takeAttempt(clientAddress()) : undefined
  if (attempt?.waitMs) return Response.json(tooManyAttempts(attempt.waitMs), { status: 429 })
  const response = await handler(request).catch(() => undefined)
  if (response?.status !== 401 && response?.status !== 422) attempt?.giveBack()
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

/** A client writes headers as it likes: only the one that a proxy of ours sets is believed. */
function clientAddress(): string | undefined {
  const header = process.env.ADDRESS_HEADER
  return header ? getRequestHeader(header)?.split(',').at(-1)?.trim() : getRequestIP()
}

export const Route = createFileRoute('/api/auth/$')({
  server: { handlers: { GET: proxy, POST: proxy } },
})
