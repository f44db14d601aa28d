import type { BetterAuthPlugin } from 'better-auth'
import { createAuthMiddleware } from 'better-auth/api'
import { symmetricDecrypt } from 'better-auth/crypto'

interface Key {
  id: string
  privateKey: string
}

/**
 * The keys that sign users' tokens are encrypted with BETTER_AUTH_SECRET. After it has
 * changed they are of no use: they go, and Better Auth makes a new one.
 */
const dropUnreadable = createAuthMiddleware(async ({ context: { adapter, secretConfig } }) => {
  for (const { id, privateKey } of await adapter.findMany<Key>({ model: 'jwks' })) {
    try {
      await symmetricDecrypt({ key: secretConfig, data: JSON.parse(privateKey) })
    } catch {
      await adapter.delete({ model: 'jwks', where: [{ field: 'id', value: id }] })
    }
  }
})

/** Else Convex asks for the keys again with each token that it validates. */
const cacheShortly = createAuthMiddleware(async (request) => {
  request.setHeader('Cache-Control', 'public, max-age=60')
})

const PUBLIC = ['/convex/jwks', '/convex/.well-known/openid-configuration']

export const signingKeys = {
  id: 'signing-keys',
  hooks: {
    before: [{ matcher: ({ path }) => path === '/convex/token', handler: dropUnreadable }],
    after: [{ matcher: ({ path = '' }) => PUBLIC.includes(path), handler: cacheShortly }],
  },
} satisfies BetterAuthPlugin
