import { isAPIError } from 'better-auth/api'
import { v } from 'convex/values'
import { components } from './_generated/api'
import { mutation, type MutationCtx } from './_generated/server'
import { authComponent, createAuth } from './auth'
import { canSend, sendEmail } from './email'
import { NO_MAIL, refuseMail } from './mailLimit'
import { accountExists } from './mailTexts'
import { checkUserFields } from './userFields'

const STALE = 'For your safety, sign out and in again first: you have been signed in for long.'

/**
 * Sends a link to the new address, which makes the change. Returns why it refuses: what it
 * throws would undo the count of wrong passwords.
 */
export const change = mutation({
  args: { newEmail: v.string(), password: v.string() },
  handler: async (ctx, { newEmail, password }): Promise<string | null> => {
    const user = await authComponent.getAuthUser(ctx)
    if (!canSend()) return NO_MAIL
    const { auth, headers } = await authComponent.getAuth(createAuth, ctx)
    try {
      await checkUserFields({ email: newEmail })
      // Whoever has taken the session from its owner must not get the account.
      if (await hasPassword(ctx, user._id)) {
        await auth.api.verifyPassword({ body: { password }, headers })
      } else {
        const { freshAge } = (await auth.$context).sessionConfig
        const session = await auth.api.getSession({ headers })
        const age = Date.now() - Number(session?.session.createdAt)
        if (!(age < freshAge * 1000)) return STALE
      }
      for (const key of [user._id, newEmail]) {
        const refused = await refuseMail(ctx, 'change', key)
        if (refused) return refused
      }
      await auth.api.changeEmail({ body: { newEmail }, headers })
      await tellOwner(ctx, newEmail)
      return null
    } catch (error) {
      // Better Auth names the field first: `[body.newEmail] Invalid email address`.
      if (isAPIError(error)) return error.message.replace(/^\[[\w.]+\] /, '')
      throw error
    }
  },
})

/** The page says the same for an address that has an account: only who has the inbox learns of it. */
async function tellOwner(ctx: MutationCtx, email: string) {
  const owner = await ctx.runQuery(components.betterAuth.adapter.findOne, {
    model: 'user',
    where: [{ field: 'email', value: email.toLowerCase() }],
  })
  if (owner) await sendEmail(ctx, accountExists(owner))
}

const hasPassword = async (ctx: MutationCtx, userId: string): Promise<boolean> =>
  (await ctx.runQuery(components.betterAuth.adapter.findOne, {
    model: 'account',
    where: [
      { field: 'userId', value: userId },
      { field: 'providerId', value: 'credential' },
    ],
  })) !== null
