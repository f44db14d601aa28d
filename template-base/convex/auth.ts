import { createClient, type AuthFunctions, type GenericCtx } from '@convex-dev/better-auth'
import { convex } from '@convex-dev/better-auth/plugins'
import { APIError } from 'better-auth/api'
import { betterAuth } from 'better-auth/minimal'
import { components, internal } from './_generated/api'
import type { DataModel } from './_generated/dataModel'
import { env, query } from './_generated/server'
import authConfig from './auth.config'
import { baseUrl, secureByOrigin, trustedOrigins } from './origins'
import { passwordLimit } from './passwordLimit'
import { signingKeys } from './signingKeys'
// @slot imports

const authFunctions: AuthFunctions = internal.auth

export const authComponent = createClient<DataModel>(components.betterAuth, {
  authFunctions,
  triggers: {
    user: {
      onDelete: async (ctx, user) => {
        await ctx.runMutation(internal.tasks.removeAll, { userId: user._id })
      },
    },
  },
})
export const { onCreate, onUpdate, onDelete } = authComponent.triggersApi()

export const createAuth = (ctx: GenericCtx<DataModel>) =>
  betterAuth({
    baseURL: baseUrl(env.SITE_URL, trustedOrigins(env.SITE_URL, env.TRUSTED_ORIGINS)),
    advanced: { useSecureCookies: env.SITE_URL.startsWith('https:') },
    secret: env.BETTER_AUTH_SECRET,
    database: authComponent.adapter(ctx),
    // Renewed once a day: who comes once a week stays signed in.
    session: { expiresIn: 8 * 24 * 60 * 60 },
    emailAndPassword: { enabled: true, requireEmailVerification: false },
    user: { deleteUser: { enabled: true } },
    databaseHooks: { user: { create: { before: checkLengths }, update: { before: checkLengths } } },
    // It counts by address, and Convex sees the app's server in place of every user.
    rateLimit: { enabled: false },
    // @slot options
    plugins: [convex({ authConfig }), secureByOrigin, signingKeys, passwordLimit(ctx)],
  })

/** Both are in every token, and a token has to fit into a cookie. */
async function checkLengths({ name, email }: { name?: string; email?: string }) {
  if (name !== undefined && (!name.trim() || name.length > 255)) {
    throw new APIError('BAD_REQUEST', { message: 'A name has 1 to 255 characters.' })
  }
  if (email !== undefined && email.length > 254) {
    throw new APIError('BAD_REQUEST', { message: 'An e-mail address has at most 254 characters.' })
  }
}

export const getCurrentUser = query({
  args: {},
  handler: (ctx) => authComponent.getAuthUser(ctx),
})
