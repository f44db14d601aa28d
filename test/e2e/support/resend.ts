import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { listen, readBody, sendJson } from '../../deployment/http.ts'

/** A mail, as Resend took it. */
export interface Mail {
  readonly id: string
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** What a request meets in place of being served. */
export type Trouble = 'down' | 'limit' | 'hang'

/** A Resend on loopback. */
export interface Resend {
  readonly url: string
  /** What it took, in order. */
  readonly mails: readonly Mail[]
  /** What it was asked, with the status of each answer. */
  readonly requests: readonly Asked[]
  /** From now on; without trouble all is served again, and what hung is closed. */
  readonly fail: (trouble?: Trouble) => void
  readonly close: () => Promise<void>
}

export interface Asked {
  readonly method: string
  readonly path: string
  readonly status: number
  /** The name of the error. */
  readonly error?: string
}

/** The host that it stands for. */
export const RESEND_ORIGIN = 'https://api.resend.com'

export interface ResendOptions {
  readonly apiKey: string
  /** The domains that may send. */
  readonly domains: readonly string[]
}

interface Answer {
  readonly status: number
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
}

interface State extends ResendOptions {
  readonly mails: Mail[]
  /** By idempotency key. */
  readonly answers: Map<string, { readonly digest: string; readonly answer: Answer }>
  trouble?: Trouble | undefined
}

/**
 * Starts a Resend: `POST /emails`, `POST /emails/batch` and `GET /emails/:id`, its keys,
 * idempotency, validation and errors.
 *
 * @see https://resend.com/docs/api-reference/introduction
 * @see https://resend.com/docs/api-reference/errors
 */
export async function startResend(options: ResendOptions): Promise<Resend> {
  const state: State = { ...options, mails: [], answers: new Map() }
  const requests: Asked[] = []
  const hanging = new Set<ServerResponse>()
  const { url, close } = await listen(0, async (request, response) => {
    const { method = '', url: path = '' } = request
    const body = await readBody(request)
    if (state.trouble === 'hang') return void hanging.add(response)
    const { status, body: answered, headers } = answerTo(state, request, body.toString('utf8'))
    const { name } = answered as { name?: string }
    requests.push({ method, path, status, ...(name !== undefined && { error: name }) })
    for (const [header, value] of Object.entries(headers ?? {})) response.setHeader(header, value)
    sendJson(response, status, answered)
  })
  return {
    url,
    close,
    mails: state.mails,
    requests,
    fail(trouble) {
      state.trouble = trouble
      hanging.forEach((response) => response.destroy())
      hanging.clear()
    },
  }
}

const failure = (status: number, name: string, message: string): Answer => ({
  status,
  body: { statusCode: status, name, message },
})

function answerTo(state: State, request: IncomingMessage, body: string): Answer {
  const [, key = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
  if (key === '') return failure(401, 'missing_api_key', 'Missing API Key')
  if (key !== state.apiKey) return failure(401, 'validation_error', 'API key is invalid')
  if (state.trouble === 'down') {
    return failure(500, 'internal_server_error', 'An unexpected error occurred.')
  }
  if (state.trouble === 'limit') return tooMany
  const { method, url: path = '' } = request
  if (method === 'POST' && path === '/emails') return once(state, request, body, sendOne)
  if (method === 'POST' && path === '/emails/batch') return once(state, request, body, sendBatch)
  const [, id] = /^\/emails\/([\w-]+)$/.exec(path) ?? []
  const mail = state.mails.find((one) => one.id === id)
  if (method === 'GET' && mail) {
    return { status: 200, body: { object: 'email', ...mail, last_event: 'delivered' } }
  }
  return failure(404, 'not_found', 'The requested endpoint does not exist')
}

const tooMany: Answer = {
  ...failure(
    429,
    'rate_limit_exceeded',
    'Too many requests. You can only make 2 requests per second. See rate limit response headers for more information. Or contact support to increase rate limit.',
  ),
  headers: {
    'retry-after': '1',
    'ratelimit-limit': '2',
    'ratelimit-remaining': '0',
    'ratelimit-reset': '1',
  },
}

/** The same key gets the same answer, and sends nothing again. */
function once(
  state: State,
  { headers }: IncomingMessage,
  body: string,
  send: (state: State, body: unknown) => Answer,
): Answer {
  const key = headers['idempotency-key']
  const digest = createHash('sha256').update(body).digest('hex')
  if (typeof key !== 'string') return send(state, parse(body))
  if (key.length < 1 || key.length > 256) {
    return failure(400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.')
  }
  const known = state.answers.get(key)
  if (known && known.digest !== digest) {
    return failure(
      409,
      'invalid_idempotent_request',
      'This idempotency key was already used with another payload.',
    )
  }
  const answer = known?.answer ?? send(state, parse(body))
  if (answer.status === 200) state.answers.set(key, { digest, answer })
  return answer
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function sendOne(state: State, body: unknown): Answer {
  const fault = faultOf(state, body)
  return fault ?? { status: 200, body: { id: take(state, body as Sent) } }
}

/** All or none: one mail that is refused refuses the batch. */
function sendBatch(state: State, body: unknown): Answer {
  if (!Array.isArray(body) || body.length === 0 || body.length > 100) {
    return failure(422, 'validation_error', 'The batch must hold 1 to 100 emails.')
  }
  const fault = body.map((one) => faultOf(state, one)).find((one) => one !== undefined)
  return fault ?? { status: 200, body: { data: body.map((one) => ({ id: take(state, one) })) } }
}

interface Sent {
  readonly from: string
  readonly to: string | readonly string[]
  readonly subject: string
  readonly text?: string
  readonly html?: string
}

function take({ mails }: State, { from, to, subject, text = '', html = '' }: Sent): string {
  const id = randomUUID()
  mails.push({ id, from, to: [to].flat(), subject, text, html })
  return id
}

/** A domain that it takes for one of examples, and refuses. */
export const REFUSED_DOMAIN = 'refused.example'

/** `email@example.com` or `Name <email@example.com>`, in ASCII. */
const ADDRESS =
  /^(?:[^<>\n\r]+<([^\s<>@]+@[^\s<>@]+\.[^\s<>@]+)>|([^\s<>@]+@[^\s<>@]+\.[^\s<>@]+))$/

function faultOf({ domains }: State, body: unknown): Answer | undefined {
  const { from, to, subject, text, html } = (body ?? {}) as Partial<Sent>
  if (from === undefined) return missing('from')
  if (to === undefined) return missing('to')
  if (typeof subject !== 'string') return missing('subject')
  if (text === undefined && html === undefined) return missing('html')
  const sender = ADDRESS.exec(from)
  if (!sender) return malformed('from')
  if (![to].flat().every((one) => isTaken(one))) return malformed('to')
  if (/[\n\r]/.test(subject)) {
    return failure(422, 'validation_error', 'The \\n is not allowed in the `subject` field.')
  }
  const domain = (sender[1] ?? sender[2] ?? '').split('@')[1] ?? ''
  if (domains.includes(domain)) return undefined
  return failure(
    403,
    'validation_error',
    `The ${domain} domain is not verified. Please, add and verify your domain on https://resend.com/domains`,
  )
}

const isTaken = (address: string) =>
  ADDRESS.test(address) &&
  !/[^\u0020-\u007e]/.test(address) &&
  !address.endsWith(`@${REFUSED_DOMAIN}`)

const missing = (field: string) =>
  failure(422, 'missing_required_field', `Missing \`${field}\` field.`)

const malformed = (field: string) =>
  failure(
    422,
    'validation_error',
    `Invalid \`${field}\` field. The email address needs to follow the \`email@example.com\` or \`Name <email@example.com>\` format.`,
  )
