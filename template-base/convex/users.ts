import { isAPIError } from 'better-auth/api'
import { v } from 'convex/values'
import { components, internal } from './_generated/api'
import { internalMutation, mutation, query } from './_generated/server'
import { authComponent, createAuth } from './auth'

/** Returns why it refuses, and what: what it throws would undo the count of wrong passwords. */
export const updateUserPassword = mutation({
  args: { currentPassword: v.string(), newPassword: v.string() },
  handler: async (ctx, body): Promise<{ message: string; field: keyof typeof body } | null> => {
    await authComponent.getAuthUser(ctx)
    const { auth, headers } = await authComponent.getAuth(createAuth, ctx)
    try {
      await auth.api.changePassword({ body, headers })
      return null
    } catch (error) {
      if (!isAPIError(error)) throw error
      // PASSWORD_TOO_LONG, and not INVALID_PASSWORD.
      const isNew = error.body?.code?.startsWith('PASSWORD')
      return { message: error.message, field: isNew ? 'newPassword' : 'currentPassword' }
    }
  },
})

interface Session {
  _id: string
  createdAt: number
  expiresAt: number
  userAgent?: string | null
}

const READ = 1000
const SHOWN = 100

/**
 * The user's sessions, the newest first. Expired ones may be among them: a query that
 * reads the clock is not run again when time has passed, so the page leaves them out.
 */
export const listSessions = query({
  args: {},
  handler: async (ctx) => {
    const user = await authComponent.getAuthUser(ctx)
    const identity = await ctx.auth.getUserIdentity()
    const { page } = await ctx.runQuery(components.betterAuth.adapter.findMany, {
      model: 'session',
      where: [{ field: 'userId', value: user._id }],
      sortBy: { field: 'createdAt', direction: 'desc' },
      paginationOpts: { numItems: READ, cursor: null },
    })
    const current: Session | null = await ctx.runQuery(components.betterAuth.adapter.findOne, {
      model: 'session',
      where: [{ field: '_id', value: String(identity?.sessionId) }],
    })
    const others = (page as Session[]).filter(({ _id }) => _id !== current?._id)
    // Those that end last: an expired one never takes the place of a live one.
    const shown = others.sort((a, b) => b.expiresAt - a.expiresAt).slice(0, SHOWN - 1)
    if (current) shown.push(current)
    shown.sort((a, b) => b.createdAt - a.createdAt)
    // Field by field: a session's token must not leave the server.
    return shown.map((session) => ({
      id: session._id,
      userAgent: session.userAgent ?? null,
      createdAt: session.createdAt,
      expiresAt: session.expiresAt,
      current: session._id === current?._id,
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

/** Ends all of the user's sessions but this one. Better Auth's own way ends a hundred at most. */
export const endOtherSessions = mutation({
  args: {},
  handler: async (ctx): Promise<void> => {
    const user = await authComponent.getAuthUser(ctx)
    const identity = await ctx.auth.getUserIdentity()
    const kept = String(identity?.sessionId)
    await ctx.runMutation(internal.users.endSessionsBut, { userId: user._id, kept })
  },
})

/** Batch by batch: one mutation can't delete any number. */
export const endSessionsBut = internalMutation({
  args: { userId: v.string(), kept: v.string() },
  handler: async (ctx, { userId, kept }) => {
    const where = [
      { field: 'userId' as const, value: userId },
      { field: '_id' as const, operator: 'not_in' as const, value: [kept] },
    ]
    const { isDone } = await ctx.runMutation(components.betterAuth.adapter.deleteMany, {
      input: { model: 'session', where },
      paginationOpts: { numItems: READ, cursor: null },
    })
    if (!isDone) await ctx.scheduler.runAfter(0, internal.users.endSessionsBut, { userId, kept })
  },
})
