import { isAPIError } from 'better-auth/api'
import { v } from 'convex/values'
import { components } from './_generated/api'
import { mutation, query } from './_generated/server'
import { authComponent, createAuth } from './auth'

/** Returns why it refuses: what it throws would undo the count of wrong passwords. */
export const updateUserPassword = mutation({
  args: { currentPassword: v.string(), newPassword: v.string() },
  handler: async (ctx, body): Promise<string | null> => {
    await authComponent.getAuthUser(ctx)
    const { auth, headers } = await authComponent.getAuth(createAuth, ctx)
    try {
      await auth.api.changePassword({ body, headers })
      return null
    } catch (error) {
      if (isAPIError(error)) return error.message
      throw error
    }
  },
})

interface Session {
  _id: string
  createdAt: number
  expiresAt: number
  userAgent?: string | null
}

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
    const sessions = (page as Session[]).filter(({ expiresAt }) => expiresAt > Date.now())
    // Field by field: a session's token must not leave the server.
    return sessions.map((session) => ({
      id: session._id,
      userAgent: session.userAgent ?? null,
      createdAt: session.createdAt,
      current: session._id === identity?.sessionId,
    }))
  },
})

/** Ends one of the user's own sessions. */
export const endSession = mutation({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    const user = await authComponent.getAuthUser(ctx)
    const where = [
      { field: '_id' as const, value: id },
      { field: 'userId' as const, value: user._id },
    ]
    const input = { model: 'session' as const, where }
    await ctx.runMutation(components.betterAuth.adapter.deleteOne, { input })
  },
})
