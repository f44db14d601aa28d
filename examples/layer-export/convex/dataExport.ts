import { query } from './_generated/server'
import { authComponent } from './auth'

const MOST = 1000

/** What the app keeps of the user: the account, and the newest tasks. */
export const mine = query({
  args: {},
  handler: async (ctx) => {
    const { _id, name, email } = await authComponent.getAuthUser(ctx)
    const tasks = await ctx.db
      .query('tasks')
      .withIndex('by_user', (q) => q.eq('userId', _id))
      .order('desc')
      .take(MOST)
    // Field by field: what is added to a task later isn't given away by that.
    return { name, email, tasks: tasks.map(({ text, done }) => ({ text, done })) }
  },
})
