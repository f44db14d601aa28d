import type { GenericCtx } from '@convex-dev/better-auth'
import { requireRunMutationCtx } from '@convex-dev/better-auth/utils'
import { MINUTE, RateLimiter } from '@convex-dev/rate-limiter'
import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthMiddleware, getSessionFromCtx, isAPIError } from 'better-auth/api'
import { components } from './_generated/api'
import type { DataModel } from './_generated/dataModel'

// Ten at once, then one more every 90 seconds.
const GUESSES = { kind: 'token bucket', rate: 10, period: 15 * MINUTE } as const

const limiter = new RateLimiter(components.rateLimiter, {
  /** Sign-ins from where the account has never been used. */
  account: GUESSES,
  /** Sign-ins from one device that has signed in before. */
  knownDevice: GUESSES,
  /** A signed-in user who has to confirm with the password. */
  session: GUESSES,
})

type Limit = [name: 'account' | 'knownDevice' | 'session', args: { key: string }]
type Request = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0]

const PATHS = ['/sign-in/email', '/change-password', '/delete-user', '/verify-password']

/** Limits how often a password may be wrong. Nobody's failures count against anybody else. */
export function passwordLimit(genericCtx: GenericCtx<DataModel>) {
  const isLimited = ({ path = '' }) => PATHS.includes(path)
  let taken: Limit | undefined

  /** Taken before the password is looked at: guesses sent at the same time count, too. */
  const before = createAuthMiddleware(async (request) => {
    if (request.path === '/delete-user' && !request.body?.password) await requirePassword(request)
    taken = await limitOf(request)
    const { ok, retryAfter } = await limiter.limit(requireRunMutationCtx(genericCtx), ...taken)
    if (ok) return
    const minutes = Math.ceil(retryAfter / MINUTE)
    const message = `Too many attempts. Try again in ${minutes} minute${minutes === 1 ? '' : 's'}.`
    const headers = { 'Retry-After': String(Math.ceil(retryAfter / 1000)) }
    throw new APIError('TOO_MANY_REQUESTS', { code: 'TOO_MANY_ATTEMPTS', message }, headers)
  })

  const after = createAuthMiddleware(async ({ context: { returned } }) => {
    const isRight = !isAPIError(returned) || returned.body?.code === 'EMAIL_NOT_VERIFIED'
    if (taken && isRight) await limiter.reset(requireRunMutationCtx(genericCtx), ...taken)
  })

  return {
    id: 'password-limit',
    hooks: {
      before: [{ matcher: isLimited, handler: before }],
      after: [
        { matcher: isLimited, handler: after },
        { matcher: ({ context }) => Boolean(context.newSession), handler: rememberDevice },
      ],
    },
  } satisfies BetterAuthPlugin
}

/**
 * A device that the account has signed in on counts by itself: who guesses
 * elsewhere can't lock the owner out
 * (owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
 */
async function limitOf(request: Request): Promise<Limit> {
  if (request.path !== '/sign-in/email') {
    const { session } = await requireSession(request)
    return ['session', { key: session.id }]
  }
  const email: unknown = request.body?.email
  // Convex can look up no half of a character.
  if (typeof email !== 'string' || /\p{Surrogate}/u.test(email)) throw new APIError('BAD_REQUEST')
  // By its id an account is the same at another address. Where there is none, it costs as much.
  const found = await request.context.internalAdapter.findUserByEmail(email)
  const account = await keyOf(found?.user.id ?? email)
  const { device, accounts } = await knownDevice(request)
  if (accounts.includes(account)) return ['knownDevice', { key: `${account}.${device}` }]
  return ['account', { key: account }]
}

/** Better Auth takes a Bearer token first, or the cookie if that is none: both have to be of one. */
async function requireSession(request: Request) {
  const [, bearer] = /^bearer\s+([^.]+)/i.exec(request.headers?.get('authorization') ?? '') ?? []
  const byCookie = await getSessionFromCtx(request)
  const session = bearer ? await request.context.internalAdapter.findSession(bearer) : byCookie
  const isOne = !byCookie || byCookie.session.id === session?.session.id
  if (!session || !isOne) throw new APIError('UNAUTHORIZED')
  return session
}

/** Better Auth by itself leaves the password out for a day after the sign-in. */
async function requirePassword(request: Request) {
  const { user } = await requireSession(request)
  const where = [
    { field: 'userId', value: user.id },
    { field: 'providerId', value: 'credential' },
  ]
  if (await request.context.adapter.findOne({ model: 'account', where })) {
    throw new APIError('BAD_REQUEST', { message: 'Confirm with your password.' })
  }
}

const deviceCookie = ({ context }: Request) =>
  context.createAuthCookie('known_device', { maxAge: 365 * 24 * 60 * 60 })

/** What tells this device from others, and the accounts that have signed in here, the last one first. */
async function knownDevice(request: Request) {
  const { name } = deviceCookie(request)
  const value = await request.getSignedCookie(name, request.context.secret)
  const [device = '', ...accounts] = (value || crypto.randomUUID()).split('.')
  return { device, accounts }
}

/** The cookie of a device that many share must not grow without end. */
const MOST_ACCOUNTS = 10

const rememberDevice = createAuthMiddleware(async (request) => {
  const account = await keyOf(request.context.newSession?.user.id ?? '')
  const { device, accounts } = await knownDevice(request)
  const latest = [...new Set([account, ...accounts])].slice(0, MOST_ACCOUNTS)
  const { name, attributes } = deviceCookie(request)
  const value = [device, ...latest].join('.')
  await request.setSignedCookie(name, value, request.context.secret, attributes)
})

const keyOf = async (idOrEmail: string) => (await digest(idOrEmail)).slice(0, 16)

/** What people type as their address is stored nowhere. */
export async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text.toLowerCase()))
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
