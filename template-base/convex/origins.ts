/** Well-known hosts on which anyone gets a name: `https://*.vercel.app` would trust all of them. */
const SHARED = new Set(
  `vercel.app netlify.app workers.dev pages.dev deno.dev deno.net fly.dev onrender.com
  up.railway.app herokuapp.com amplifyapp.com azurewebsites.net web.app firebaseapp.com
  github.io ngrok.app ngrok.io ngrok-free.app`.split(/\s+/),
)

/** Suffixes such as `co.uk`, under which anyone registers a name. */
const SUFFIX = /^(?:ac|co|com|edu|gov|me|ne|net|or|org)\.[a-z]{2}$/

/** `https://*-team.vercel.app`: the wildcard is in the first part of the host's name. */
const PATTERN = /^https?:\/\/([a-z\d-]*\*[a-z\d-]*)\.((?:[a-z\d-]+\.)+[a-z\d-]+)(?::\d+)?$/

/** Whether the origin is exact, or a pattern that nobody else can have a name under. */
function isNarrow(origin: string): boolean {
  const [, first = '', domain = ''] = PATTERN.exec(origin) ?? []
  if (domain) return !SUFFIX.test(domain) && (first !== '*' || !SHARED.has(domain))
  return URL.canParse(origin) && new URL(origin).origin === origin && !/[*?]/.test(origin)
}

/**
 * Sorts TRUSTED_ORIGINS, which commas separate. One that is too wide, or is none, is refused.
 * Beside a site on https, http is never trusted.
 */
export function sortOrigins(siteUrl: string, list = '') {
  const named = list.split(',').flatMap((entry) => entry.trim().replace(/\/$/, '') || [])
  const isSafe = (origin: string) => siteUrl.startsWith('http:') || origin.startsWith('https:')
  const trusted = named.filter((origin) => isNarrow(origin) && isSafe(origin))
  return { trusted, refused: named.filter((origin) => !trusted.includes(origin)) }
}

/** Those that are trusted. The log names the others. */
export function trustedOrigins(siteUrl: string, list?: string): string[] {
  const { trusted, refused } = sortOrigins(siteUrl, list)
  for (const origin of refused) {
    console.error(`TRUSTED_ORIGINS: ${origin} is not trusted: too wide, not an origin, or http`)
  }
  return trusted
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
