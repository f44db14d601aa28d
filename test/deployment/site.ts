import type { IncomingMessage, ServerResponse } from 'node:http'
import { anonymous } from './auth.ts'
import { readBody } from './http.ts'
import { authenticateHeader, type Running } from './running.ts'

const hopByHop = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'expect',
])

/** Answers a request to the HTTP actions. */
export async function serveSite(
  running: Running,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url: path = '/' } = request
  const body = await readBody(request)
  // The Authorization header may be the app's own affair: one that isn't Convex's is nobody.
  const caller = await authenticateHeader(running, request.headers.authorization).catch(
    () => anonymous,
  )
  const answer = await running.backend.fetch({
    path,
    method,
    headers: headersOf(request),
    body: method === 'GET' || method === 'HEAD' ? null : body,
    ip: request.socket.remoteAddress ?? null,
    identity: caller.identity,
  })
  response.statusCode = answer.status
  for (const [name, value] of answer.headers) {
    if (!hopByHop.has(name)) response.appendHeader(name, value)
  }
  response.end(Buffer.from(answer.body))
}

function headersOf(request: IncomingMessage): [string, string][] {
  return Object.entries(request.headersDistinct).flatMap(([name, values]) =>
    hopByHop.has(name) ? [] : (values ?? []).map((value): [string, string] => [name, value]),
  )
}
