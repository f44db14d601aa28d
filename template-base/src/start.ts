import { createCsrfMiddleware, createMiddleware, createStart } from '@tanstack/react-start'
import { securityHeaders } from './lib/security-headers'
import { sharedPage } from './lib/shared-page'

const secure = createMiddleware().server(async ({ next, request }) => {
  const nonce = crypto.randomUUID()
  const result = await next({ context: { nonce } })
  for (const [name, value] of securityHeaders(request, nonce)) {
    result.response.headers.set(name, value)
  }
  return result
})

const shared = createMiddleware()
  .middleware([secure])
  .server(({ next, request, context: { nonce } }) =>
    sharedPage(request, nonce, async () => (await next()).response),
  )

export const startInstance = createStart(() => ({
  requestMiddleware: [
    shared,
    createCsrfMiddleware({ filter: ({ handlerType }) => handlerType === 'serverFn' }),
  ],
}))
