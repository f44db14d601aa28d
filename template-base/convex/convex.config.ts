import betterAuth from '@convex-dev/better-auth/convex.config'
import rateLimiter from '@convex-dev/rate-limiter/convex.config'
import { defineApp } from 'convex/server'
import { v } from 'convex/values'
// @slot imports

// A push fails, and names the commands to run, while a required one is missing.
const app = defineApp({
  env: {
    SITE_URL: v.string(),
    BETTER_AUTH_SECRET: v.string(),
    TRUSTED_ORIGINS: v.optional(v.string()),
    // @slot env
  },
})

app.use(betterAuth)
app.use(rateLimiter)
// @slot components

export default app
