import type { BetterAuthOptions } from 'better-auth'
import { isAPIError } from 'better-auth/api'
import { ConvexError, v } from 'convex/values'
import { components } from './_generated/api'
import { mutation, query, type QueryCtx } from './_generated/server'
import { authComponent, createAuth } from './auth'
import { socialProviders } from './socialProviders'

interface Account {
  providerId: string
  accountId: string
  password?: string | null
}

async function accountsOf(ctx: QueryCtx): Promise<Account[]> {
  const user = await authComponent.getAuthUser(ctx)
  const { page } = await ctx.runQuery(components.betterAuth.adapter.findMany, {
    model: 'account',
    where: [{ field: 'userId', value: user._id }],
    paginationOpts: { numItems: 100, cursor: null },
  })
  return page
}

/** Whether one can sign in with it: a provider without its variables is off. */
function works({ providerId, password }: Account): boolean {
  const providers: Record<string, unknown> = socialProviders()
  return providerId === 'credential' ? Boolean(password) : Boolean(providers[providerId])
}

/** Whether the user could still sign in without this provider. */
const canMiss = (accounts: Account[], provider: string) =>
  accounts.some((account) => account.providerId !== provider && works(account))

/** The connected providers, and whether there is a password. */
export const list = query({
  args: {},
  handler: async (ctx) => {
    const accounts = await accountsOf(ctx)
    const connected = accounts.filter(({ providerId }) => providerId !== 'credential')
    // Field by field: hashes and tokens must not leave the server.
    return {
      hasPassword: accounts.some(({ password }) => password),
      connected: connected.map(({ providerId }) => ({
        provider: providerId,
        isLast: !canMiss(accounts, providerId),
      })),
    }
  },
})

/** In place of Better Auth's own endpoint: two of its calls at once could take both ways. */
export const disconnect = mutation({
  args: { provider: v.string() },
  handler: async (ctx, { provider }): Promise<null> => {
    const accounts = await accountsOf(ctx)
    if (!canMiss(accounts, provider)) {
      throw new ConvexError('You could not sign in any more: have another way first.')
    }
    const { auth, headers } = await authComponent.getAuth(createAuth, ctx)
    for (const { providerId, accountId } of accounts) {
      if (providerId !== provider) continue
      await inWords(auth.api.unlinkAccount({ body: { providerId, accountId }, headers }))
    }
    return null
  },
})

/** For an account that has none: who has one changes it, with the old one. */
export const setPassword = mutation({
  args: { newPassword: v.string() },
  handler: async (ctx, body): Promise<null> => {
    const user = await authComponent.getAuthUser(ctx)
    const { auth, headers } = await authComponent.getAuth(createAuth, ctx)
    const { emailAndPassword }: BetterAuthOptions = auth.options
    // Who has the inbox, and confirms it, is to have the account alone.
    if (emailAndPassword?.requireEmailVerification && !user.emailVerified) {
      throw new ConvexError(UNCONFIRMED)
    }
    const { freshAge } = (await auth.$context).sessionConfig
    const session = await auth.api.getSession({ headers })
    const age = Date.now() - Number(session?.session.createdAt)
    // Better Auth asks it of who disconnects: a session taken from another must not outlast itself.
    if (!(age < freshAge * 1000)) throw new ConvexError(STALE)
    await inWords(auth.api.setPassword({ body, headers }))
    return null
  },
})

const UNCONFIRMED = 'Confirm your address first: sign out, and choose “Forgot password?”.'
const STALE = 'For your safety, sign out and in again first: you have been signed in for long.'

async function inWords(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!isAPIError(error)) throw error
    throw new ConvexError(error.body?.code === 'SESSION_NOT_FRESH' ? STALE : error.message)
  }
}
