/** A deliberate break of a generated repository, and the checks that must see it. */
export interface Mutant {
  readonly name: string
  readonly file: string
  /** Must be in the file exactly once. */
  readonly search: string
  readonly replace: string
  readonly app: 'plain' | 'tailwind-github-google'
  readonly mode?: 'dev'
  /** The file of tests, where it isn't the walk of the app. */
  readonly test?: string
  /** Titles of tests, as a pattern. */
  readonly checks: string
}

const tasks = 'convex/tasks.ts'
const auth = 'src/lib/auth.ts'
const guard = 'src/routes/_authed.tsx'

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'drop expectAuth',
    file: 'src/router.tsx',
    search: 'expectAuth: expectAuth(),',
    replace: '',
    app: 'plain',
    checks: 'no query runs',
  },
  {
    name: 'stream the proxy',
    file: 'src/routes/api/auth/$.ts',
    search: '  const headers = new Headers(response.headers)\n',
    replace:
      '  if (response.ok) return response\n  const headers = new Headers(response.headers)\n',
    app: 'plain',
    mode: 'dev',
    checks: 'the auth proxy',
  },
  {
    name: 'guard in the browser only',
    file: guard,
    search: "if (auth.status === 'signed-out') {",
    replace: "if (typeof window !== 'undefined' && auth.status === 'signed-out') {",
    app: 'plain',
    checks: 'signed-out visitors|made-up session',
  },
  {
    name: 'no ownership in setDone and remove',
    file: tasks,
    search: 'if (task?.userId !== user._id)',
    replace: 'if (!task || !user)',
    app: 'plain',
    checks: 'nobody changes',
  },
  {
    name: "list everybody's tasks",
    file: tasks,
    search: ".withIndex('by_user', (q) => q.eq('userId', user._id))",
    replace: '.filter((q) => q.neq("userId", user._id + "!"))',
    app: 'plain',
    checks: 'nobody sees',
  },
  {
    name: 'no reload on sign-out',
    file: auth,
    search: 'void (data !== userId && loadAnew())',
    replace: 'void data',
    app: 'plain',
    checks: 'the other follows|starts afresh|sign up, reload',
  },
  {
    name: 'an open redirect',
    file: 'src/lib/safe-redirect.ts',
    search: "return origin === BASE && !path.startsWith('//') ? path : HOME",
    replace: "return origin && path ? (target ?? '') : HOME",
    app: 'plain',
    checks: 'redirects within|goes to a path',
  },
  {
    name: 'an auth round trip for each navigation',
    file: auth,
    search: 'staleTime: Infinity,',
    replace: 'staleTime: 0,',
    app: 'plain',
    checks: 'one auth round trip',
  },
  {
    name: 'unreachable is signed out',
    file: 'src/routes/__root.tsx',
    search: "asked.catch(() => ({ status: 'unreachable' }) as const)",
    replace: "asked.catch((): Auth => ({ status: 'signed-out', userId: null }))",
    app: 'plain',
    checks: 'Convex unreachable',
  },
  {
    name: 'no 503',
    file: 'src/lib/unreachable.ts',
    search: '  answer503()\n  return',
    replace: '  return',
    app: 'plain',
    checks: 'Convex unreachable',
  },
  {
    name: 'the token leaves the server',
    file: 'convex/users.ts',
    search: 'id: session._id,',
    replace: 'id: session._id, token: (session as { token?: string }).token,',
    app: 'plain',
    checks: "session's token",
  },
  {
    name: 'a button listens before React does',
    file: 'src/components/ui/button.tsx',
    search: 'disabled={disabled || !hydrated}',
    replace: 'disabled={disabled && hydrated}',
    app: 'plain',
    checks: 'a slow start',
  },
  {
    name: 'a field without its label',
    file: 'src/components/form-fields.tsx',
    search: '<FieldLabel htmlFor={id}>',
    replace: '<FieldLabel>',
    app: 'plain',
    checks: 'axe',
  },
  {
    name: 'a provider whose denial says nothing',
    file: 'src/lib/social-errors.ts',
    search: "['access_denied', CANCELLED],",
    replace: "['access_denied', ''],",
    app: 'tailwind-github-google',
    checks: 'GitHub: consent denied',
  },
  {
    name: 'a return path that is no URL',
    file: 'src/lib/social.ts',
    search: 'new URL(path, location.origin).href',
    replace: 'path',
    app: 'tailwind-github-google',
    checks: 'GitHub: every path comes back',
  },
  {
    name: 'the last way to sign in is taken',
    file: 'convex/signInMethods.ts',
    search: 'if (!canMiss(accounts, provider)) {',
    replace: 'if (accounts.length === 0) {',
    app: 'tailwind-github-google',
    checks: 'GitHub: the only way in stays',
  },
  {
    name: 'a name of a provider as it comes',
    file: 'convex/socialProviders.ts',
    search: '{ clientId, clientSecret, mapProfileToUser }',
    replace: '{ clientId, clientSecret }',
    app: 'tailwind-github-google',
    checks: 'Google: nobody is kept out',
  },
  {
    name: 'a button that waits after Back',
    file: 'src/lib/leave-to.ts',
    search: "addEventListener('pageshow', () => resolve(), { once: true })",
    replace: 'void resolve',
    app: 'tailwind-github-google',
    checks: 'GitHub: after Back',
  },
  {
    name: 'a refused connection that says nothing',
    file: 'src/routes/_guest.tsx',
    search: 'if (search.error) throw',
    replace: 'if (search.error && !search) throw',
    app: 'tailwind-github-google',
    checks: 'GitHub: why a connection was refused',
  },
  {
    name: 'a navigation in place of the load after sign-in',
    file: 'src/components/auth-page.tsx',
    search: 'return leaveTo(redirectTo)',
    replace:
      "history.pushState(null, '', redirectTo)\n    dispatchEvent(new PopStateEvent('popstate'))",
    app: 'plain',
    checks: 'sign up, reload',
  },
  {
    name: 'a session asked for again by the browser',
    file: 'src/router.tsx',
    search: 'initialAuthTokenReuse: true,',
    replace: '',
    app: 'plain',
    checks: 'one auth round trip',
  },
  {
    name: 'an error page with the error',
    file: 'src/components/DefaultCatchBoundary.tsx',
    search: 'import.meta.env.DEV && ',
    replace: '',
    app: 'tailwind-github-google',
    test: 'lived-in',
    checks: 'shows no stack',
  },
  {
    name: 'a page that does not know that it is not configured',
    file: 'src/routes/__root.tsx',
    search: 'component: isConfigured ? Root : NotConfigured,',
    replace: 'component: Root,',
    app: 'plain',
    test: 'not-configured',
    checks: 'production',
  },
  {
    name: 'a missing file kept by caches for a year',
    file: 'src/missing-asset.ts',
    search: "?.includes('immutable')",
    replace: "?.includes('mutable;')",
    app: 'plain',
    checks: 'nothing but files',
  },
  {
    name: 'a page with a token that may be kept',
    file: 'src/lib/security-headers.ts',
    search: 'if (getSessionCookie(request) || ',
    replace: 'if (',
    app: 'plain',
    checks: 'nothing but files',
  },
  {
    name: 'a server function that knows no proxy',
    file: 'src/start.ts',
    search: 'origin: (origin, { request }) => origin === askedOrigin(request),',
    replace: 'origin: (origin, { request }) => origin === new URL(request.url).origin,',
    app: 'plain',
    checks: 'its own site only',
  },
  {
    name: 'a server function that trusts every origin',
    file: 'src/start.ts',
    search: '=> origin === askedOrigin(request),',
    replace: '=> origin !== askedOrigin(request) || true,',
    app: 'plain',
    checks: 'its own site only',
  },
  {
    name: 'an auth route that takes every method',
    file: 'src/routes/api/auth/$.ts',
    search: ', HEAD: methodNotAllowed, ANY: methodNotAllowed',
    replace: ', OPTIONS: methodNotAllowed',
    app: 'plain',
    checks: 'method that is not taken',
  },
  {
    name: 'a start page whose text moves while it arrives',
    file: 'src/styles/layout.css',
    search: '.hero {\n  display: grid;',
    replace: '.hero {\n  display: grid;\n  text-align: center;',
    app: 'plain',
    checks: 'start page arrives',
  },
  {
    name: "a look that beats its owner's class",
    file: 'src/styles/app.css',
    search: "@import './controls.css' layer(components);",
    replace: "@import './controls.css';",
    app: 'plain',
    checks: "a class of the owner's wins",
  },
  {
    name: 'a public page without the way in',
    file: 'src/components/site-header.tsx',
    search: "{status === 'signed-out' && <SignInLink />}",
    replace: "{status !== 'signed-out' && <SignInLink />}",
    app: 'plain',
    checks: 'has the way in',
  },
]
