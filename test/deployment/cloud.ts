import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JSONValue } from 'convex/values'
import { AuthError } from './auth.ts'
import type { FunctionCall } from './functions/messages.ts'
import { HttpError, readJson, sendJson } from './http.ts'
import { pushEndpoints, type Endpoint } from './push.ts'
import { authenticateHeader, badDeployKey, deploy, type Running } from './running.ts'
import { encodeTs } from './sync.ts'

const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': '*',
  'access-control-allow-headers': '*, authorization',
}

/** Answers a request to the functions or from the CLI. Throws an HttpError. */
export async function serveCloud(
  running: Running,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(cors)) {
    response.setHeader(name, value)
  }
  if (request.method === 'OPTIONS') return void response.writeHead(204).end()
  const path = new URL(request.url ?? '/', running.urls.url).pathname
  const open = publicEndpoints(running, request)[path]
  if (open) return sendJson(response, 200, await open(await readJson(request)))
  const guarded = adminEndpoints(running, request)[path]
  if (!guarded) {
    throw new HttpError(
      404,
      'NotFound',
      `This deployment for tests doesn't answer ${request.method} ${path}`,
    )
  }
  await requireAdmin(running, request)
  sendJson(response, 200, await guarded(await readJson(request)))
}

function publicEndpoints(running: Running, request: IncomingMessage): Record<string, Endpoint> {
  const call = (kind: FunctionCall['kind']): Endpoint => {
    return (body) => callFunction(running, kind, body, request)
  }
  return {
    '/api/query': call('query'),
    '/api/query_at_ts': call('query'),
    '/api/mutation': call('mutation'),
    '/api/action': call('action'),
    '/api/query_ts': () => ({ ts: encodeTs(running.backend.now()) }),
    '/instance_name': () => 'tests',
    '/version': () => 'tests',
  }
}

function adminEndpoints(running: Running, request: IncomingMessage): Record<string, Endpoint> {
  return {
    '/api/function': (body) => callFunction(running, 'any', body, request),
    '/api/update_environment_variables': async ({ changes }) => {
      running.variables.update(changes)
      await running.backend.environmentChanged()
    },
    '/api/v1/get_canonical_urls': () => ({
      convexCloudUrl: running.urls.url,
      convexSiteUrl: running.urls.siteUrl,
    }),
    '/api/stream_function_logs': () => emptyLogs(),
    ...pushEndpoints({
      urls: running.urls,
      variables: running.variables,
      host: () => running.host,
      deploy: () => deploy(running),
    }),
  }
}

/** The CLI asks again at once: this is the pause of a long poll. */
function emptyLogs(): Promise<object> {
  return new Promise((resolve) => {
    const answer = () => resolve({ entries: [], newCursor: Date.now() })
    setTimeout(answer, 10_000).unref()
  })
}

async function callFunction(
  running: Running,
  kind: FunctionCall['kind'],
  body: Record<string, unknown>,
  request: IncomingMessage,
): Promise<object> {
  const caller = await authenticateHeader(running, request.headers.authorization).catch(
    (error: unknown) => {
      if (!(error instanceof AuthError)) throw error
      throw new HttpError(401, error.code, error.message)
    },
  )
  const { path } = body
  if (typeof path !== 'string') {
    throw new HttpError(400, 'BadJsonBody', 'Expected { path, args }')
  }
  const args = [body['args'] ?? {}].flat()[0] as JSONValue
  const { result } = await running.backend.run(kind, path, args ?? {}, caller)
  if (result.ok) return { status: 'success', value: result.value }
  const { message: errorMessage, data: errorData } = result
  return { status: 'error', errorMessage, errorData }
}

async function requireAdmin(running: Running, request: IncomingMessage): Promise<void> {
  const caller = await authenticateHeader(running, request.headers.authorization).catch(
    () => undefined,
  )
  if (caller?.admin === true) return
  throw new HttpError(403, 'BadDeployKey', badDeployKey)
}
