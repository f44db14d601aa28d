import { getSessionCookie } from 'better-auth/cookies'
import { askedOrigin } from './asked-origin'
import { convexSiteUrl, convexUrl } from './env'

/** Gives an answer what it carries beside the headers that vite.config.ts gives to all. */
export function secure(request: Request, { headers }: Response, nonce: string): void {
  headers.set('Content-Security-Policy', contentSecurityPolicy(nonce))
  if (askedOrigin(request).startsWith('https:')) {
    headers.set('Strict-Transport-Security', 'max-age=31536000')
  }
  // A user's token must not get into a cache, and Back shows without asking whatever the browser
  // may store: after the sign-in a page of before it, and after the sign-out what was protected.
  const isUsers = getSessionCookie(request) || headers.has('Set-Cookie')
  if (isUsers || !headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
}

/** Where images may come from, beside the app itself. */
const images = [
  'blob:',
  'data:',
  // Convex's file storage, and files that an HTTP action answers.
  convexUrl,
  convexSiteUrl,
  // @slot images
]

/** Scripts are the app's own, or carry the nonce of this answer; components may add styles. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    `connect-src 'self' ${convexUrl} ${convexUrl.replace(/^http/, 'ws')}`,
    `img-src 'self' ${images.join(' ')}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
