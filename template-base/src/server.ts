import { createServerEntry } from '@tanstack/react-start/server-entry'
import { createStartHandler, defaultStreamHandler } from '@tanstack/react-start/server'

const handle = createStartHandler((page) => {
  const { method } = page.request
  if (method === 'GET' || method === 'HEAD') return defaultStreamHandler(page)
  return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD' } })
})

export default createServerEntry({
  fetch: (request, options) => {
    const { pathname, search } = new URL(request.url)
    if (!pathname.startsWith('//')) return handle(request, options)
    // Start's own answer to it is one that caches may keep, with the host that was asked for.
    const Location = pathname.replace(/^\/+/, '/') + search
    return new Response(null, { status: 308, headers: { Location, 'Cache-Control': 'no-store' } })
  },
})
