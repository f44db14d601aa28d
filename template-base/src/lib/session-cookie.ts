/** Better Auth's own `getSessionCookie` comes with 300 modules that slow the build down. */
export const hasSessionCookie = ({ headers }: Pick<Request, 'headers'>) =>
  /(?:^|; )(?:__Secure-)?better-auth\.session_token=/.test(headers.get('cookie') ?? '')
