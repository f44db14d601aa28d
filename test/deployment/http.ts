import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

/** A refusal with Convex's own code: `{ code, message }` is the body of the answer. */
export class HttpError extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** A server on loopback. */
export interface Listening {
  readonly server: Server
  readonly url: string
  /** Ends open connections, too. */
  close(): Promise<void>
}

/**
 * Listens on 127.0.0.1; port 0 takes a free one. Throws an Error that names a port in use.
 * What a handler throws becomes an answer in JSON.
 */
export async function listen(port: number, handle: Handler): Promise<Listening> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => sendError(response, error))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, port)))
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address() as AddressInfo
  return {
    server,
    url: `http://127.0.0.1:${address.port}`,
    close: () => close(server),
  }
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  return error.code === 'EADDRINUSE'
    ? new Error(`Port ${port} is in use: stop what listens there, or take another`, {
        cause: error,
      })
    : error
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** The body as it was sent. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The body as JSON; the CLI compresses large ones. Throws an HttpError 400. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = decompress(await readBody(request), request.headers['content-encoding'])
  try {
    return JSON.parse(body.toString('utf8') || '{}') as Record<string, unknown>
  } catch {
    throw new HttpError(400, 'BadJsonBody', 'The body of the request is not JSON')
  }
}

function decompress(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'br') return brotliDecompressSync(body)
  return encoding === 'gzip' ? gunzipSync(body) : body
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body ?? null))
}

function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy()
  if (error instanceof HttpError) {
    return sendJson(response, error.status, {
      code: error.code,
      message: error.message,
    })
  }
  const message = error instanceof Error ? error.message : String(error)
  sendJson(response, 500, { code: 'InternalServerError', message })
}
