import type { GenericCtx } from '@convex-dev/better-auth'
import type { Account, BetterAuthOptions, User } from 'better-auth'
import { APIError, createAuthMiddleware, getSessionFromCtx, isAPIError } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { signJWT, verifyJWT } from 'better-auth/crypto'
import type { DataModel } from './_generated/dataModel'
import { env } from './_generated/server'
import { canSend, sendEmail } from './email'
import { NO_MAIL, refuseMail, type MailKind } from './mailLimit'
import {
  accountExists,
  confirmAddress,
  confirmNewAddress,
  passwordGone,
  resetPassword,
} from './mailTexts'
import { checkUserFields } from './userFields'

type Request = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0]

/** An account works once its address is confirmed, and its password can be set anew by mail. */
export const accountMails = (ctx: GenericCtx<DataModel>) =>
  ({
    requireEmailVerification: true,
    revokeSessionsOnPasswordReset: true,
    onExistingUserSignUp: ({ user }) => sendEmail(ctx, accountExists(user)),
    sendResetPassword: ({ user, token }) => sendEmail(ctx, resetPassword(user, token)),
  }) satisfies Partial<BetterAuthOptions['emailAndPassword']>

/** For a new account's address, and for the new address of an account. */
export const addressMails = (ctx: GenericCtx<DataModel>) =>
  ({
    autoSignInAfterVerification: true,
    sendVerificationEmail: async ({ user, token }) => {
      const claims = await claimsOf(token)
      // Better Auth's own time is in seconds: too coarse for what has changed since.
      const dated = await signJWT({ ...claims, sentAt: Date.now() }, env.BETTER_AUTH_SECRET)
      const write = claims?.updateTo ? confirmNewAddress : confirmAddress
      await sendEmail(ctx, write(user, dated))
    },
  }) satisfies BetterAuthOptions['emailVerification']

/** What is asked for with an address alone, and the kind of mail that it causes. */
const KINDS: Record<string, MailKind> = {
  '/sign-up/email': 'confirm',
  '/send-verification-email': 'confirm',
  '/request-password-reset': 'reset',
}

/** No sooner is there an answer: how long it takes must not tell whether there is an account. */
const SOONEST_MS: Record<string, number> = {
  '/sign-up/email': 1500,
  '/send-verification-email': 1000,
  '/request-password-reset': 500,
}

/** In their place: convex/emailAddress.ts, which asks for the password, and the page for a new one. */
const REPLACED = ['/change-email', '/reset-password/:token']

export function mailHooks(ctx: GenericCtx<DataModel>) {
  let started = 0
  let owner: User | undefined

  const before = createAuthMiddleware(async (request) => {
    started = Date.now()
    if (REPLACED.includes(request.path) && request.request) throw new APIError('NOT_FOUND')
    if (request.path === '/sign-up/email') await checkSignUp(request)
    if (request.path === '/sign-in/email') await takeAsLong(request)
    const kind = KINDS[request.path]
    if (kind) await allowMail(ctx, kind, request.body?.email)
    if (request.path === '/reset-password') owner = await ownerOfLink(request)
    if (request.path === '/verify-email') await checkLink(ctx, request)
  })

  const after = createAuthMiddleware(async (request) => {
    const { path, context } = request
    const failed = isAPIError(context.returned)
    const isSignUp = path === '/sign-up/email' && (!failed || (await isMadeMeanwhile(request)))
    if (isSignUp) await noteContest(request)
    const soonest = SOONEST_MS[path]
    if (soonest) await new Promise((resolve) => setTimeout(resolve, started + soonest - Date.now()))
    // The same for all: nobody's account has an id to show, if it isn't there.
    if (isSignUp) return Response.json({ token: null, user: null })
    if (failed) return sayNoPassword(context.returned)
    if (path === '/reset-password' && owner) await signInByLink(request, owner)
    if (path === '/verify-email' && !context.newSession) throw refusal('ALREADY_CONFIRMED')
  })

  return { before, after } satisfies BetterAuthOptions['hooks']
}

/** Of two sign-ups at once, one fails since the other has made the account. */
async function isMadeMeanwhile({ body, context: { returned, internalAdapter } }: Request) {
  if (!isAPIError(returned) || returned.body?.code !== 'FAILED_TO_CREATE_USER') return false
  return (await internalAdapter.findUserByEmail(body.email.toLowerCase())) !== null
}

/** Longer than an address waits to be confirmed; then it goes with all that has expired. */
const TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60 * 1000

const contestOf = (user: User) => `contested:${user.id}`

/**
 * Who signs up with an address that waits to be confirmed may be its owner, and who did before a
 * stranger, or the other way round. Neither has proved anything: that there are two is only noted.
 */
async function noteContest({ body, context }: Request) {
  const { internalAdapter, password } = context
  const made = context.returned as { user?: { id: string } }
  const found = await internalAdapter.findUserByEmail(body.email, { includeAccounts: true })
  const account = found?.accounts.find(({ providerId }) => providerId === 'credential')
  if (!found || !account?.password) return
  if (found.user.emailVerified || found.user.id === made.user?.id) return
  const isSame = await password.verify({ hash: account.password, password: body.password })
  if (isSame) return
  const identifier = contestOf(found.user)
  if (await internalAdapter.findVerificationValue(identifier)) return
  const expiresAt = new Date(Date.now() + TEN_YEARS_MS)
  await internalAdapter.createVerificationValue({ identifier, value: found.user.id, expiresAt })
}

const NO_PASSWORD =
  'Your account has no password. Sign out, and choose “Forgot password?” to set one.'

/** Of two sign-ups with one address, neither's password may have stayed. */
function sayNoPassword(error: unknown) {
  if (!isAPIError(error) || error.body?.code !== 'CREDENTIAL_ACCOUNT_NOT_FOUND') return
  throw new APIError('BAD_REQUEST', { code: error.body.code, message: NO_PASSWORD })
}

const refusal = (code: string) => new APIError('BAD_REQUEST', { code, message: code })

/** Refuses alike, whether or not there is an account. */
async function allowMail(ctx: GenericCtx<DataModel>, kind: MailKind, email: unknown) {
  if (typeof email !== 'string') throw new APIError('BAD_REQUEST')
  if (!canSend()) {
    throw new APIError('SERVICE_UNAVAILABLE', { code: 'NO_MAIL', message: NO_MAIL })
  }
  const message = await refuseMail(ctx, kind, email)
  if (message) throw new APIError('TOO_MANY_REQUESTS', { code: 'TOO_MANY_MAILS', message })
}

/** A known address is refused for whatever a new account could not be stored with. */
async function checkSignUp({ body }: Request) {
  const { name, email, image = '' } = body ?? {}
  for (const text of [name, email, image]) {
    const isText = typeof text === 'string' && text.length <= 2000 && !/\p{Surrogate}/u.test(text)
    if (!isText) throw new APIError('BAD_REQUEST')
  }
  await checkUserFields({ name, email })
}

/** Better Auth looks for the ways to sign in of a known address alone. */
async function takeAsLong({ body, context: { internalAdapter } }: Request) {
  const isKnown = await internalAdapter.findUserByEmail(String(body?.email))
  if (!isKnown) await internalAdapter.findAccounts('nobody')
}

interface Claims {
  email: string
  /** Of a link for another address. */
  updateTo?: string
  /** In milliseconds. */
  sentAt?: number
}

/** What the token of a link says, if it is one. */
const claimsOf = (token: string) => verifyJWT<Claims>(token, env.BETTER_AUTH_SECRET)

/** Better Auth would answer a link that any site, or a mail scanner, opens. */
async function checkLink(ctx: GenericCtx<DataModel>, request: Request) {
  const { internalAdapter } = request.context
  if (!request.headers?.has('x-confirm')) throw refusal('OPEN_THE_PAGE')
  const claims = await claimsOf(request.query?.token)
  const found =
    claims && (await internalAdapter.findUserByEmail(claims.email, { includeAccounts: true }))
  if (!found) return
  const session = await getSessionFromCtx(request)
  if (claims.updateTo) return checkChange(request, { ...claims, ...found, session })
  // The account of before may be gone, and this one a stranger's.
  if (!(Number(found.user.createdAt) <= Number(claims.sentAt))) throw refusal('ACCOUNT_CHANGED')
  // Who is in the account, and has the inbox, is no stranger.
  if (session?.user.id === found.user.id) return
  const wasContested = await endStrangers(request, found.user)
  if (wasContested) await sendEmail(ctx, passwordGone(found.user))
}

interface Change extends Claims {
  user: User
  accounts: Account[]
  session: unknown
}

/**
 * Better Auth would give the account to whoever has the new inbox, mistyped or a stranger's, and
 * move it after its owner has got it back from who asked for that.
 */
async function checkChange({ context: { internalAdapter } }: Request, change: Change) {
  if (!(changedAt(change) <= Number(change.sentAt))) throw refusal('ACCOUNT_CHANGED')
  if (!change.session) throw refusal('SIGN_IN_FIRST')
  if (await internalAdapter.findUserByEmail(String(change.updateTo))) throw refusal('ADDRESS_TAKEN')
}

/**
 * Who has the link has the inbox. Until now a stranger may have had the account, by a provider
 * that did not confirm the address, or one of two had who signed up with it: those ways in go.
 * Answers whether there were two.
 */
async function endStrangers({ path, context: { internalAdapter } }: Request, user: User) {
  if (user.emailVerified) return false
  const contest = await internalAdapter.findVerificationValue(contestOf(user))
  // Of two passwords neither stays. That which a link has set is the owner's.
  const staysPassword = !contest || path === '/reset-password'
  for (const { id, providerId } of await internalAdapter.findAccounts(user.id)) {
    if (providerId !== 'credential' || !staysPassword) await internalAdapter.deleteAccount(id)
  }
  await internalAdapter.deleteUserSessions(user.id)
  if (!contest) return false
  // Whose name it is, is as open.
  const [name] = user.email.split('@')
  await internalAdapter.updateUser(user.id, { name, image: null })
  await internalAdapter.deleteVerificationByIdentifier(contestOf(user))
  return true
}

/** When an account was last another: its user, or the password. */
function changedAt({ user, accounts }: { user: User; accounts: Account[] }): number {
  const password = accounts.find(({ providerId }) => providerId === 'credential')
  return Math.max(...[user, password].map((one) => Number(one?.updatedAt ?? 0)))
}

/**
 * Whose password the link sets. It is worthless once password, address or account have changed.
 * Wrong tokens are not counted: one count for all would let anybody lock out everybody.
 */
async function ownerOfLink({ body, query, context: { internalAdapter } }: Request): Promise<User> {
  const identifier = `reset-password:${body?.token ?? query?.token}`
  const link = await internalAdapter.findVerificationValue(identifier)
  const user = link && (await internalAdapter.findUserById(link.value))
  if (!user) throw refusal('INVALID_TOKEN')
  const accounts = await internalAdapter.findAccounts(user.id)
  if (changedAt({ user, accounts }) > Number(link.createdAt)) throw refusal('INVALID_TOKEN')
  return user
}

async function signInByLink(request: Request, user: User) {
  const { internalAdapter } = request.context
  await endStrangers(request, user)
  if (!user.emailVerified) await internalAdapter.updateUser(user.id, { emailVerified: true })
  const session = await internalAdapter.createSession(user.id)
  await setSessionCookie(request, { session, user: { ...user, emailVerified: true } })
}
