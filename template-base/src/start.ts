import { createCsrfMiddleware, createMiddleware, createStart } from '@tanstack/react-start'
import { askedOrigin } from './lib/asked-origin'
import { secure } from './lib/security-headers'

const withHeaders = createMiddleware().server(async ({ next, request }) => {
  const nonce = crypto.randomUUID()
  const result = await next({ context: { nonce } })
  secure(request, result.response, nonce)
  return result
})

export const startInstance = createStart(() => ({
  requestMiddleware: [
    withHeaders,
    createCsrfMiddleware({
      filter: ({ handlerType }) => handlerType === 'serverFn',
      // For browsers that don't send Sec-Fetch-Site.
      origin: (origin, { request }) => origin === askedOrigin(request),
    }),
  ],
}))
