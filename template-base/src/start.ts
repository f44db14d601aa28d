import { createCsrfMiddleware, createMiddleware, createStart } from '@tanstack/react-start'
import { securityHeaders } from './lib/security-headers'

const secure = createMiddleware().server(async ({ next, request }) => {
  const nonce = crypto.randomUUID()
  const result = await next({ context: { nonce } })
  for (const [name, value] of securityHeaders(request, nonce)) {
    result.response.headers.set(name, value)
  }
  return result
})

export const startInstance = createStart(() => ({
  requestMiddleware: [
    secure,
    createCsrfMiddleware({ filter: ({ handlerType }) => handlerType === 'serverFn' }),
  ],
}))
