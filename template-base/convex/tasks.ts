import { paginationOptsValidator } from 'convex/server'
import { ConvexError, v } from 'convex/values'
import { internal } from './_generated/api'
import type { Id } from './_generated/dataModel'
import { internalMutation, mutation, query, type MutationCtx } from './_generated/server'
import { authComponent } from './auth'

const MAX_LENGTH = 500
const BATCH = 100

export const list = query({
  args: { paginationOpts: paginationOptsValidator },
  handler: async (ctx, { paginationOpts }) => {
    const user = await authComponent.getAuthUser(ctx)
    return await ctx.db
      .query('tasks')
      .withIndex('by_user', (q) => q.eq('userId', user._id))
      .order('desc')
      .paginate(paginationOpts)
  },
})

/** Null for a mistyped id, a missing task and somebody else's alike. */
export const get = query({
  args: { id: v.string() },
  handler: async (ctx, args) => {
    const user = await authComponent.getAuthUser(ctx)
    const id = ctx.db.normalizeId('tasks', args.id)
    const task = id && (await ctx.db.get('tasks', id))
    return task?.userId === user._id ? task : null
  },
})

export const add = mutation({
  args: { text: v.string() },
  handler: async (ctx, args) => {
    const user = await authComponent.getAuthUser(ctx)
    const text = args.text.trim()
    if (text.length === 0 || text.length > MAX_LENGTH) {
      throw new ConvexError(`A task has 1 to ${MAX_LENGTH} characters.`)
    }
    return await ctx.db.insert('tasks', { userId: user._id, text, done: false })
  },
})

export const setDone = mutation({
  args: { id: v.id('tasks'), done: v.boolean() },
  handler: async (ctx, { id, done }) => {
    await requireOwnTask(ctx, id)
    await ctx.db.patch('tasks', id, { done })
  },
})

export const remove = mutation({
  args: { id: v.id('tasks') },
  handler: async (ctx, { id }) => {
    await requireOwnTask(ctx, id)
    await ctx.db.delete('tasks', id)
  },
})

/** When an account is deleted. Batch by batch: one mutation can't delete any number. */
export const removeAll = internalMutation({
  args: { userId: v.string() },
  handler: async (ctx, { userId }) => {
    const own = ctx.db.query('tasks').withIndex('by_user', (q) => q.eq('userId', userId))
    const batch = await own.take(BATCH)
    for (const task of batch) await ctx.db.delete('tasks', task._id)
    if (batch.length === BATCH) {
      await ctx.scheduler.runAfter(0, internal.tasks.removeAll, { userId })
    }
  },
})

/** Somebody else's task gets the answer of a missing one: its id tells nothing. */
async function requireOwnTask(ctx: MutationCtx, id: Id<'tasks'>) {
  const user = await authComponent.getAuthUser(ctx)
  const task = await ctx.db.get('tasks', id)
  if (task?.userId !== user._id) throw new ConvexError('There is no such task.')
}
