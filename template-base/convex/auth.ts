import { createClient, type AuthFunctions, type GenericCtx } from '@convex-dev/better-auth'
import { convex } from '@convex-dev/better-auth/plugins'
import { betterAuth } from 'better-auth/minimal'
import { components, internal } from './_generated/api'
import type { DataModel } from './_generated/dataModel'
import { env, query } from './_generated/server'
import { removeAccounts, requireUser } from './accounts'
import authConfig from './auth.config'
import { baseUrl, trustedOrigins } from './origins'
import { passwordLimit } from './passwordLimit'
import { secureByOrigin } from './secureByOrigin'
import { signingKeys } from './signingKeys'
import { checkUserFields } from './userFields'
// @slot imports

const authFunctions: AuthFunctions = internal.auth

export const authComponent = createClient<DataModel>(components.betterAuth, {
  authFunctions,
  triggers: {
    user: {
      onDelete: async (ctx, user) => {
        await removeAccounts(ctx, user)
        await ctx.runMutation(internal.tasks.removeAll, { userId: user._id })
      },
      // @slot userTriggers
    },
    account: {
      onCreate: async (ctx, account) => {
        await requireUser(ctx, account)
        // @slot accountCreated
      },
      // @slot accountTriggers
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
    emailAndPassword: {
      enabled: true,
      // @slot emailAndPassword
    },
    user: {
      deleteUser: { enabled: true },
      // @slot user
    },
    databaseHooks: {
      user: { create: { before: checkUserFields }, update: { before: checkUserFields } },
    },
    // It counts by address, and Convex sees the app's server in place of every user.
    rateLimit: { enabled: false },
    // They answer the tokens of other sessions, what providers' tokens open, or take a way in.
    disabledPaths: [
      '/list-sessions',
      '/get-access-token',
      '/refresh-token',
      '/account-info',
      '/unlink-account',
    ],
    // @slot options
    plugins: [convex({ authConfig }), secureByOrigin, signingKeys, passwordLimit(ctx)],
  })

export const getCurrentUser = query({
  args: {},
  handler: (ctx) => authComponent.getAuthUser(ctx),
})
