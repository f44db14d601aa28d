import type { GenericCtx } from '@convex-dev/better-auth'
import { requireRunMutationCtx } from '@convex-dev/better-auth/utils'
import { RateLimiter } from '@convex-dev/rate-limiter'
import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthMiddleware, getSessionFromCtx, isAPIError } from 'better-auth/api'
import { components } from './_generated/api'
import type { DataModel } from './_generated/dataModel'
import { WINDOW_MS, network, tooManyAttempts } from './attempts'

const PER_ACCOUNT = 10
// More than the app's server, which asks for all of its users, lets one of them have.
const PER_ADDRESS = 300

const PATHS = [
  '/sign-in/email',
  '/sign-up/email', // tells who has an account
  '/change-password',
  '/delete-user',
  '/verify-password',
]
const COUNTED = [
  'INVALID_EMAIL_OR_PASSWORD',
  'INVALID_PASSWORD',
  'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
]

type Bucket = [name: string, key: string, rate: number]
type Request = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0]

const limiter = new RateLimiter(components.rateLimiter)

/** Limits how often a password may be wrong, for each account and for each address. */
export function passwordLimit(genericCtx: GenericCtx<DataModel>) {
  const isLimited = ({ path = '' }) => PATHS.includes(path)
  let taken: Bucket[] = []

  const take = ([name, key, rate]: Bucket, count: number) => {
    const config = { kind: 'fixed window', rate, period: WINDOW_MS, start: Date.now() } as const
    return limiter.limit(requireRunMutationCtx(genericCtx), name, { key, count, config })
  }

  const giveBack = async () => {
    for (const bucket of taken) await take(bucket, -1)
  }

  /** Taken before the password is looked at: guesses sent at the same time count, too. */
  const before = createAuthMiddleware(async (request) => {
    taken = []
    if (request.path === '/delete-user' && !request.body?.password) await requirePassword(request)
    // Told by Convex, not by a header.
    const { ip } = await requireRunMutationCtx(genericCtx).meta.getRequestMetadata()
    for (const bucket of await bucketsOf(request, network(ip ?? undefined))) {
      const { ok, retryAfter = 0 } = await take(bucket, 1)
      if (!ok) {
        await giveBack()
        const headers = { 'Retry-After': String(Math.ceil(retryAfter / 1000)) }
        throw new APIError('TOO_MANY_REQUESTS', tooManyAttempts(retryAfter), headers)
      }
      taken.push(bucket)
    }
  })

  const after = createAuthMiddleware(async ({ context: { returned } }) => {
    const counts = isAPIError(returned) && COUNTED.includes(String(returned.body?.code))
    if (!counts) await giveBack()
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
async function bucketsOf(request: Request, address: string): Promise<Bucket[]> {
  const perAddress: Bucket = ['address', address, PER_ADDRESS]
  if (request.path === '/sign-up/email') return [perAddress]

  const signIn = request.path === '/sign-in/email'
  const email = signIn ? request.body?.email : (await signedInUser(request)).email
  if (typeof email !== 'string') throw new APIError('BAD_REQUEST')
  const key = await digest(email.toLowerCase())
  const { name } = deviceCookie(request)
  const known = !signIn || (await request.getSignedCookie(name, request.context.secret)) === key
  if (known) return [['known-device', key, PER_ACCOUNT]]
  return [['account', key, PER_ACCOUNT], perAddress]
}

/** Better Auth takes the Bearer token first, when there is one. */
async function signedInUser(request: Request) {
  const [, bearer] = /^bearer\s+([^.]+)/i.exec(request.headers?.get('authorization') ?? '') ?? []
  const session = bearer
    ? await request.context.internalAdapter.findSession(bearer)
    : await getSessionFromCtx(request)
  if (!session) throw new APIError('UNAUTHORIZED')
  return session.user
}

/** Better Auth by itself leaves the password out for a day after the sign-in. */
async function requirePassword(request: Request) {
  const { id } = await signedInUser(request)
  const accounts = await request.context.internalAdapter.findAccounts(id)
  if (accounts.some(({ password }) => password)) {
    throw new APIError('BAD_REQUEST', { message: 'Confirm with your password.' })
  }
}

const deviceCookie = ({ context }: Request) =>
  context.createAuthCookie('known_device', { maxAge: 365 * 24 * 60 * 60 })

const rememberDevice = createAuthMiddleware(async (request) => {
  const email = request.context.newSession?.user.email ?? ''
  const { name, attributes } = deviceCookie(request)
  await request.setSignedCookie(name, await digest(email), request.context.secret, attributes)
})

/** What people type as their address is stored nowhere. */
async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
