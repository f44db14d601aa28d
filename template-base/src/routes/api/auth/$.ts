import { createFileRoute } from '@tanstack/react-router'
import { getRequestHeader, getRequestIP } from '@tanstack/react-start/server'
import { takeAttempt } from '~/lib/address-limit'
import { handler } from '~/lib/auth-server'

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
  if (attempt?.waitMs) return tooManyAttempts(attempt.waitMs)
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

function tooManyAttempts(waitMs: number) {
  const minutes = Math.ceil(waitMs / 60_000)
  const message = `Too many attempts. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`
  return Response.json({ code: 'TOO_MANY_ATTEMPTS', message }, { status: 429 })
}

export const Route = createFileRoute('/api/auth/$')({
  server: { handlers: { GET: proxy, POST: proxy } },
})
