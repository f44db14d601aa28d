/** Well-known hosts on which anyone gets a name: `https://*.vercel.app` would trust all of them. */
const SHARED =
  `vercel.app vercel.dev now.sh netlify.app workers.dev pages.dev trycloudflare.com deno.dev
  deno.net fly.dev onrender.com up.railway.app herokuapp.com amplifyapp.com cloudfront.net
  ondigitalocean.app koyeb.app code.run zeabur.app sevalla.app kinsta.app cleverapps.io
  web.app firebaseapp.com azureedge.net azurefd.net github.io gitlab.io codeberg.page surge.sh
  blogspot.com glitch.me stackblitz.io webcontainer.io csb.app replit.app repl.co lovable.app
  lovableproject.com bolt.host base44.app hf.space web.val.run ngrok.app ngrok.dev
  ngrok-free.app ngrok-free.dev loca.lt lhr.life ts.net duckdns.org eu.org nip.io sslip.io`.split(
    /\s+/,
  )

/** The same, where a region or the like stands between: `my-app.us-central1.run.app`. */
const REGIONAL = `convex.site convex.cloud run.app appspot.com hosted.app amazonaws.com on.aws
  elasticbeanstalk.com awsapprunner.com azurewebsites.net azurestaticapps.net
  azurecontainerapps.io cloudapp.azure.com core.windows.net app.github.dev devtunnels.ms
  gitpod.io replit.dev ngrok.io`.split(/\s+/)

const isPartOf = (host: string, domain: string) => `.${host}`.endsWith(`.${domain}`)

/** A wildcard stands for dots, too, so what is above such a host is as wide. */
const isShared = (domain: string) =>
  [...SHARED, ...REGIONAL].some((host) => isPartOf(host, domain)) ||
  REGIONAL.some((host) => isPartOf(domain, host))

/** How the name of a preview ends on such a host: `*-team`, `*--my-site`. */
const PREVIEW = /\*--?[a-z\d][a-z\d-]+[a-z\d]$/

/** Suffixes such as `co.uk` and `uk.com`, under which anyone registers a name. */
const SUFFIX = /^(?:ac|asn|co|com|edu|gov|ltd|me|ne|net|nom|or|org)\.[a-z]{2}$/
const REGISTRY =
  /^(?:br|cn|co|de|eu|gr|jpn|kr|mex|ru|sa|uk|us|za)\.com$|^(?:gb|hu|in|jp|se|uk)\.net$/

/** `https://*-team.vercel.app`: the wildcard is in the first part of the host's name. */
const PATTERN = /^https?:\/\/([a-z\d-]*\*[a-z\d-]*)\.((?:[a-z\d-]+\.)+[a-z\d-]+)(?::\d+)?$/

/** Whether the origin is exact, or a pattern that nobody else can have a name under. */
function isNarrow(origin: string): boolean {
  const [, first = '', domain = ''] = PATTERN.exec(origin) ?? []
  const isSuffix = SUFFIX.test(domain) || REGISTRY.test(domain)
  if (domain) return !isSuffix && (PREVIEW.test(first) || !isShared(domain))
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
