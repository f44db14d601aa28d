import type { BetterAuthPlugin } from 'better-auth'
import { createCookieGetter, getCookies } from 'better-auth/cookies'

/** Cookies are Secure where the asked origin is on https. Their names are the same for all. */
export const secureByOrigin = {
  id: 'secure-by-origin',
  async onRequest(_request, context) {
    const defaultCookieAttributes = { secure: context.baseURL.startsWith('https:') }
    const advanced = { ...context.options.advanced, defaultCookieAttributes }
    const options = { ...context.options, advanced }
    context.authCookies = getCookies(options)
    context.createAuthCookie = createCookieGetter(options)
  },
} satisfies BetterAuthPlugin
