import { createServerEntry } from '@tanstack/react-start/server-entry'
import { createStartHandler, defaultStreamHandler } from '@tanstack/react-start/server'

const fetch = createStartHandler((page) => {
  const { method } = page.request
  if (method === 'GET' || method === 'HEAD') return defaultStreamHandler(page)
  return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD' } })
})

export default createServerEntry({ fetch })
