import { isAPIError } from 'better-auth/api'
import { ConvexError, v } from 'convex/values'
import { components } from './_generated/api'
import { mutation, query } from './_generated/server'
import { authComponent, createAuth } from './auth'

export const updateUserPassword = mutation({
  args: { currentPassword: v.string(), newPassword: v.string() },
  handler: async (ctx, body) => {
    await authComponent.getAuthUser(ctx)
    const { auth, headers } = await authComponent.getAuth(createAuth, ctx)
    try {
      await auth.api.changePassword({ body, headers })
    } catch (error) {
      // Only a ConvexError's text reaches the client.
      throw isAPIError(error) ? new ConvexError(error.message) : error
    }
  },
})

export const listSessions = query({
  args: {},
  handler: async (ctx) => {
    const user = await authComponent.getAuthUser(ctx)
    const identity = await ctx.auth.getUserIdentity()
    const { page } = await ctx.runQuery(components.betterAuth.adapter.findMany, {
      model: 'session',
      where: [{ field: 'userId', value: user._id }],
      paginationOpts: { numItems: 100, cursor: null },
    })
    // Field by field: a session's token must not leave the server.
    return (page as Session[])
      .filter((session) => session.expiresAt > Date.now())
      .map((session) => ({
        id: session._id,
        userAgent: session.userAgent ?? null,
        createdAt: session.createdAt,
        current: session._id === identity?.sessionId,
      }))
  },
})

interface Session {
  _id: string
  createdAt: number
  expiresAt: number
  userAgent?: string | null
}
