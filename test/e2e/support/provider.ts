import { createHash, randomBytes } from 'node:crypto'
import { listen, readBody, sendJson } from '../../deployment/http.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Somebody with an account at the provider. */
export interface Person {
  readonly id: string
  readonly name: string | null
  readonly email: string | null
  /** Whether the provider has confirmed the address; it has, unless told otherwise. */
  readonly unconfirmed?: boolean
  readonly image?: string
  /** Hangs up on who asks for the profile. */
  readonly isDown?: boolean
}

/** An OAuth provider on loopback that speaks for GitHub and for Google. */
export interface Provider {
  readonly url: string
  /** Who is signed in at the provider. */
  person: Person
  /** What it was asked at its authorization page, in order. */
  readonly authorizations: readonly URL[]
  readonly close: () => Promise<void>
}

/** The app as it is registered with the provider. */
export interface Registration {
  readonly clientId: string
  readonly clientSecret: string
}

/** The hosts that it stands for. */
export const PROVIDER_ORIGINS = [
  'https://github.com',
  'https://api.github.com',
  'https://accounts.google.com',
  'https://oauth2.googleapis.com',
]

interface Grant {
  readonly request: URLSearchParams
  readonly person: Person
}

interface State {
  readonly registration: Registration
  readonly codes: Map<string, Grant>
  readonly tokens: Map<string, Person>
  readonly authorizations: URL[]
  readonly provider: { person: Person }
}

/**
 * Starts a provider: its authorization page asks for consent, its token
 * endpoint checks the client, the code, the redirect URI and the verifier
 * (RFC 6749 and 7636), its user endpoints answer who the token belongs to.
 */
export async function startProvider(registration: Registration): Promise<Provider> {
  const provider = {
    person: { id: '1', name: 'Nobody', email: 'n@example.com' } as Person,
  }
  const state: State = {
    registration,
    codes: new Map(),
    tokens: new Map(),
    authorizations: [],
    provider,
  }
  const { url, close } = await listen(0, (request, response) => serve(state, request, response))
  return Object.assign(provider, {
    url,
    close,
    authorizations: state.authorizations,
  })
}

async function serve(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://provider')
  switch (url.pathname) {
    case '/login/oauth/authorize': // GitHub
    case '/o/oauth2/v2/auth': // Google
      return authorize(state, url, response)
    case '/login/oauth/access_token':
    case '/token': {
      const body = new URLSearchParams(String(await readBody(request)))
      return token(state, body, response)
    }
    case '/user':
    case '/user/emails':
      return user(state, request, url.pathname, response)
    case '/avatar.svg':
      response.setHeader('content-type', 'image/svg+xml')
      response.end(AVATAR)
      return
    default:
      return sendJson(response, 404, { message: `No ${url.pathname} here` })
  }
}

const AVATAR =
  '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="teal"/></svg>'

function authorize(state: State, url: URL, response: ServerResponse): void {
  state.authorizations.push(url)
  const request = url.searchParams
  const back = new URL(request.get('redirect_uri') ?? '')
  back.searchParams.set('state', request.get('state') ?? '')
  const allow = new URL(back)
  const code = randomBytes(8).toString('hex')
  state.codes.set(code, { request, person: state.provider.person })
  allow.searchParams.set('code', code)
  const deny = new URL(back)
  deny.searchParams.set('error', 'access_denied')
  response.setHeader('content-type', 'text/html')
  response.end(`<!doctype html><html lang="en"><title>Authorize</title>
<a href="${escape(allow)}">Authorize</a> <a href="${escape(deny)}">Cancel</a>`)
}

const escape = (url: URL) => url.href.replaceAll('&', '&amp;')

function token(state: State, body: URLSearchParams, response: ServerResponse): void {
  const code = body.get('code') ?? ''
  const grant = state.codes.get(code)
  // A code is good for once.
  state.codes.delete(code)
  const refusal = grant ? refuse(state, body, grant.request) : 'bad code'
  if (!grant || refusal) {
    return sendJson(response, 400, {
      error: 'invalid_grant',
      error_description: refusal,
    })
  }
  const accessToken = randomBytes(8).toString('hex')
  state.tokens.set(accessToken, grant.person)
  sendJson(response, 200, {
    access_token: accessToken,
    token_type: 'bearer',
    expires_in: 3600,
    scope: grant.request.get('scope'),
    id_token: idToken(state, grant.person),
  })
}

function refuse(
  { registration }: State,
  body: URLSearchParams,
  request: URLSearchParams,
): string | undefined {
  if (body.get('grant_type') !== 'authorization_code') return 'grant_type'
  if (body.get('client_id') !== registration.clientId) return 'client_id'
  if (body.get('client_secret') !== registration.clientSecret) {
    return 'client_secret'
  }
  if (body.get('redirect_uri') !== request.get('redirect_uri')) {
    return 'redirect_uri'
  }
  const challenge = request.get('code_challenge')
  const verifier = body.get('code_verifier') ?? ''
  const hash = createHash('sha256').update(verifier).digest('base64url')
  return challenge !== null && hash !== challenge ? 'code_verifier' : undefined
}

/** Google's user is in it; Better Auth had it from the token endpoint itself and reads the claims only. */
function idToken({ registration }: State, person: Person): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: 'https://accounts.google.com',
    aud: registration.clientId,
    sub: person.id,
    // What it doesn't know, it leaves out.
    name: person.name ?? undefined,
    email: person.email ?? undefined,
    picture: person.image,
    email_verified: person.unconfirmed !== true,
    iat: now,
    exp: now + 3600,
  }
  return `${part({ alg: 'RS256', kid: 'test' })}.${part(claims)}.c2ln`
}

function user(
  state: State,
  request: IncomingMessage,
  path: string,
  response: ServerResponse,
): void {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')
  const person = state.tokens.get(bearer?.[1] ?? '')
  if (!person) return sendJson(response, 401, { message: 'Bad credentials' })
  const { id, name, email, image, unconfirmed = false } = person
  if (person.isDown) return void response.destroy()
  if (path === '/user/emails') {
    const known = [{ email, primary: true, verified: !unconfirmed }]
    return sendJson(response, 200, email === null ? [] : known)
  }
  // GitHub keeps the address private, as most of its users do.
  sendJson(response, 200, {
    id: Number(id),
    login: 'someone',
    name,
    email: null,
    avatar_url: image,
  })
}
