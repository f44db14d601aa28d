import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose'
import type { AuthProvider, Identity } from './functions/messages.ts'

/** Who calls. An admin may act as somebody. */
export interface Caller {
  readonly admin: boolean
  readonly identity: Identity | null
  /** When the token ends, in milliseconds since 1970. */
  readonly expiresAt: number
}

export const anonymous: Caller = {
  admin: false,
  identity: null,
  expiresAt: Infinity,
}

/** A token that a deployment refuses, with Convex's own code. */
export class AuthError extends Error {
  readonly code: string
  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/** Answers who a token belongs to. Throws an AuthError. */
export type Verify = (token: string) => Promise<Caller>

/** Verifies tokens against the providers of `auth.config.ts`; their keys are fetched when they are needed. */
export function createVerifier(
  providers: readonly AuthProvider[],
  now: () => number = Date.now,
): Verify {
  const verifiers = providers.map((provider) => ({
    provider,
    keys: lazyKeys(provider),
  }))
  return async (token) => {
    const claims = parseClaims(token)
    const match = verifiers.find(({ provider }) => accepts(provider, claims))
    if (!match) throw noProvider(providers)
    const { provider, keys } = match
    try {
      const { payload } = await jwtVerify(token, await keys(), {
        algorithms: [provider.algorithm ?? 'RS256'],
        requiredClaims: ['sub', 'iss', 'exp'],
        currentDate: new Date(now()),
      })
      return user(payload)
    } catch (error) {
      throw refused(error)
    }
  }
}

function parseClaims(token: string): JWTPayload {
  try {
    return decodeJwt(token)
  } catch (error) {
    throw new AuthError('InvalidAuthHeader', 'Could not parse as id token', error)
  }
}

function accepts(provider: AuthProvider, claims: JWTPayload): boolean {
  const audiences = [claims.aud ?? []].flat()
  const issuer = provider.issuer ?? provider.domain
  return (
    trimSlash(issuer) === trimSlash(claims.iss) &&
    (provider.applicationID === undefined || audiences.includes(provider.applicationID))
  )
}

const trimSlash = (url: string | undefined) => url?.replace(/\/+$/, '')

function noProvider(providers: readonly AuthProvider[]): AuthError {
  const known = providers.map((p) => `${p.type ?? 'OIDC'}(issuer=${p.issuer ?? p.domain})`)
  return new AuthError(
    'NoAuthProvider',
    `No auth provider found matching the given token. Check that your JWT's issuer and audience match one of your registered authConfig providers: [${known.join(', ')}]`,
  )
}

function refused(error: unknown): AuthError {
  const expired = error instanceof errors.JWTExpired
  return new AuthError(
    'Unauthenticated',
    expired
      ? 'Could not verify token claim: the token has expired'
      : `Could not verify token: ${error instanceof Error ? error.message : String(error)}`,
    error,
  )
}

function lazyKeys(provider: AuthProvider) {
  let keys: Promise<ReturnType<typeof createRemoteJWKSet>> | undefined
  return () =>
    (keys ??= keysUrl(provider).then((url) =>
      // The first sign-up makes the key: an unknown one must be looked up at once.
      createRemoteJWKSet(new URL(url), { cooldownDuration: 0 }),
    ))
}

async function keysUrl(provider: AuthProvider): Promise<string> {
  if (provider.jwks !== undefined) return provider.jwks
  const url = `${trimSlash(provider.domain)}/.well-known/openid-configuration`
  const discovery = (await (await fetch(url)).json()) as { jwks_uri: string }
  return discovery.jwks_uri
}

const identityNames: Readonly<Record<string, string>> = {
  sub: 'subject',
  iss: 'issuer',
  given_name: 'givenName',
  family_name: 'familyName',
  preferred_username: 'preferredUsername',
  profile: 'profileUrl',
  picture: 'pictureUrl',
  email_verified: 'emailVerified',
  birthdate: 'birthday',
  zoneinfo: 'timezone',
  locale: 'language',
  phone_number: 'phoneNumber',
  phone_number_verified: 'phoneNumberVerified',
  updated_at: 'updatedAt',
}
const registered = new Set(['aud', 'exp', 'iat', 'nbf', 'jti'])

function user(claims: JWTPayload): Caller {
  const named = Object.entries(claims)
    .filter(([claim]) => !registered.has(claim))
    .map(([claim, value]) => [identityNames[claim] ?? claim, value])
  const identity = Object.fromEntries(named) as Omit<Identity, 'tokenIdentifier'>
  return {
    admin: false,
    identity: {
      ...identity,
      tokenIdentifier: `${claims.iss}|${claims.sub}`,
    } as Identity,
    expiresAt: (claims.exp ?? 0) * 1000,
  }
}
