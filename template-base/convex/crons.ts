import { cronJobs } from 'convex/server'
import { components, internal } from './_generated/api'
import { internalMutation } from './_generated/server'

const DAY_MS = 24 * 60 * 60_000
const BATCH = 100

/** Nobody else deletes them. Batch by batch: one mutation can't delete any number. */
export const deleteExpired = internalMutation({
  args: {},
  handler: async (ctx) => {
    const expired = [{ field: 'expiresAt' as const, operator: 'lt' as const, value: Date.now() }]
    const paginationOpts = { numItems: BATCH, cursor: null }
    const { deleteMany } = components.betterAuth.adapter
    const batches = [
      await ctx.runMutation(deleteMany, {
        input: { model: 'session', where: expired },
        paginationOpts,
      }),
      await ctx.runMutation(deleteMany, {
        input: { model: 'verification', where: expired },
        paginationOpts,
      }),
    ]
    if (batches.some(({ isDone }) => !isDone)) {
      await ctx.scheduler.runAfter(0, internal.crons.deleteExpired, {})
    }
  },
})

/**
 * It goes on by itself until all rows of that age are gone. The component knows when a count
 * began, not when it was last used: one in constant use begins anew, with ten guesses a day more.
 */
export const deleteOldLimits = internalMutation({
  args: {},
  handler: async (ctx) => {
    const before = Date.now() - DAY_MS
    await ctx.runMutation(components.rateLimiter.lib.clearAll, { before })
  },
})

const crons = cronJobs()
crons.daily('delete expired sessions', { hourUTC: 3 }, internal.crons.deleteExpired)
crons.daily('delete old limits', { hourUTC: 3 }, internal.crons.deleteOldLimits)
// @slot crons

export default crons
