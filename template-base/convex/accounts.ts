import { components } from './_generated/api'
import type { MutationCtx } from './_generated/server'

/**
 * Better Auth takes a provider's account whose user is gone for that of whoever has the address
 * that the provider names, confirmed or not. So none is made: somebody may delete their user
 * while they are at the provider to connect it.
 */
export async function requireUser(ctx: MutationCtx, { userId }: { userId: string }) {
  const where = [{ field: '_id' as const, value: userId }]
  const user = await ctx.runQuery(components.betterAuth.adapter.findOne, { model: 'user', where })
  if (!user) throw new Error('An account needs a user.')
}

/** And none is left that was made while Better Auth deleted the others. */
export async function removeAccounts(ctx: MutationCtx, user: { _id: string }) {
  const where = [{ field: 'userId' as const, value: user._id }]
  await ctx.runMutation(components.betterAuth.adapter.deleteMany, {
    input: { model: 'account', where },
    paginationOpts: { numItems: 100, cursor: null },
  })
}
