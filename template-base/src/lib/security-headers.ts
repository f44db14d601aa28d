import { getSessionCookie } from 'better-auth/cookies'
import { convexSiteUrl, convexUrl } from './env'

/** What an answer carries beside the headers that vite.config.ts gives to all. */
export function securityHeaders(request: Request, nonce: string): Map<string, string> {
  const headers = new Map([['Content-Security-Policy', contentSecurityPolicy(nonce)]])
  const protocol = request.headers.get('x-forwarded-proto') ?? new URL(request.url).protocol
  if (protocol.startsWith('https')) {
    headers.set('Strict-Transport-Security', 'max-age=31536000')
  }
  // After the sign-out, the back button must show nothing that was protected.
  if (getSessionCookie(request)) headers.set('Cache-Control', 'no-store')
  return headers
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
