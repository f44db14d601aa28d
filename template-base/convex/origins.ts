import type { BetterAuthPlugin } from 'better-auth'
import { createCookieGetter, getCookies } from 'better-auth/cookies'

/** Hosts on which anyone gets a name: `https://*.vercel.app` would trust all of them. */
const SHARED = ['vercel.app', 'netlify.app', 'workers.dev', 'pages.dev', 'deno.dev', 'deno.net']

/** Suffixes such as `co.uk`, under which anyone registers a name. */
const SUFFIX = /^(?:ac|co|com|edu|gov|net|or|org)\.[a-z]{2}$/

/** `https://*-team.vercel.app`: the wildcard is in the first part of the host's name. */
const PATTERN = /^https?:\/\/([a-z\d-]*\*[a-z\d-]*)\.((?:[a-z\d-]+\.)+[a-z\d-]+)(?::\d+)?$/i

/** Whether the origin is exact, or a pattern that nobody else can have a name under. */
function isNarrow(origin: string): boolean {
  const [, first = '', domain = ''] = PATTERN.exec(origin) ?? []
  if (domain) return !SUFFIX.test(domain) && (first !== '*' || !SHARED.includes(domain))
  return URL.canParse(origin) && new URL(origin).origin === origin && !/[*?]/.test(origin)
}

/**
 * The origins of TRUSTED_ORIGINS, which commas separate. One that is too wide, or is none,
 * is left out, and the log says so. Beside a site on https, http is never trusted.
 */
export function trustedOrigins(siteUrl: string, list = ''): string[] {
  const named = list.split(',').flatMap((entry) => entry.trim().replace(/\/$/, '') || [])
  return named.filter((origin) => {
    const isSafe = siteUrl.startsWith('http:') || origin.startsWith('https:')
    if (isNarrow(origin) && isSafe) return true
    console.error(`TRUSTED_ORIGINS: ${origin} is not trusted: too wide, not an origin, or http`)
    return false
  })
}

/**
 * What Better Auth takes for its own address: with more than one origin, the one that was
 * asked, as the app's server says (better-auth.com/docs/concepts/dynamic-base-url).
 */
export function baseUrl(siteUrl: string, others: string[]) {
  if (others.length === 0) return siteUrl
  const { protocol, origin } = new URL(siteUrl)
  const allowedHosts = [origin, ...others]
  const same = allowedHosts.every((host) => host.startsWith(protocol))
  if (!same) return { allowedHosts, fallback: siteUrl, protocol: 'auto' as const }
  const only = protocol === 'https:' ? ('https' as const) : ('http' as const)
  return { allowedHosts, fallback: siteUrl, protocol: only }
}

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
