import { getSessionCookie } from 'better-auth/cookies'
import { convexUrl } from './env'

/** What an answer carries beside the headers that vite.config.ts gives to all. */
export function securityHeaders(request: Request, nonce: string): Map<string, string> {
  const headers = new Map([['Content-Security-Policy', contentSecurityPolicy(nonce)]])
  const protocol = request.headers.get('x-forwarded-proto') ?? new URL(request.url).protocol
  if (protocol.startsWith('https')) {
    headers.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
  }
  // After the sign-out, the back button must show nothing that was protected.
  if (getSessionCookie(request)) headers.set('Cache-Control', 'no-store')
  return headers
}

/** Scripts and styles are the app's own, or carry the nonce of this answer. */
function contentSecurityPolicy(nonce: string): string {
  const own = `'self' 'nonce-${nonce}'`
  // `vite dev` puts a changed style into the page without a nonce.
  const styles = import.meta.env.DEV ? "'self' 'unsafe-inline'" : own
  return [
    "default-src 'self'",
    `script-src ${own}`,
    `style-src ${styles}`,
    `connect-src 'self' ${convexUrl} ${convexUrl.replace(/^http/, 'ws')}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
