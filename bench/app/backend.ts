import { readFileSync } from 'node:fs'
import { request as send, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { Duplex } from 'node:stream'
import { parse } from 'dotenv'
import { listen, readBody, type Listening } from '../../test/deployment/http.ts'
import { startDeployment } from '../../test/deployment/server.ts'
import type { Ports } from '../../test/e2e/support/workspace.ts'

/** A request to Convex over HTTP. */
export interface Call {
  /** `POST /api/query tasks:list`, `GET /api/auth/convex/token`. */
  readonly name: string
  /** On the clock of `performance.now()`. */
  readonly start: number
  readonly end: number
}

/** A Convex deployment that can be replaced by what it answered. */
export interface RecordedBackend {
  readonly calls: readonly Call[]
  /** From now on answers what was answered before, at once; anything else with a 500. */
  readonly replay: () => void
  readonly stop: () => Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

interface Tape {
  readonly calls: Call[]
  readonly answers: Map<string, Answer>
  replaying: boolean
}

/** Starts the app's deployment for tests, and in front of it, where the app looks for it, what records it. */
export async function startRecordedBackend(appDir: string, ports: Ports): Promise<RecordedBackend> {
  const env = parse(readFileSync(join(appDir, '.env.convex')))
  const deployment = await startDeployment({ appDir, env })
  const tape: Tape = { calls: [], answers: new Map(), replaying: false }
  const opened: Listening[] = []
  const stop = async () => {
    await deployment.stop()
    await Promise.all(opened.map((listening) => listening.close()))
  }
  try {
    opened.push(await front(ports.convex, deployment.url, tape))
    opened.push(await front(ports.convexSite, deployment.siteUrl, tape))
  } catch (error) {
    await stop()
    throw error
  }
  return { calls: tape.calls, replay: () => void (tape.replaying = true), stop }
}

async function front(port: number, target: string, tape: Tape): Promise<Listening> {
  const listening = await listen(port, (request, response) =>
    answer(request, response, target, tape),
  )
  listening.server.on('upgrade', (request, socket, head) => tunnel(request, socket, head, target))
  return listening
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  tape: Tape,
): Promise<void> {
  const start = performance.now()
  const body = await readBody(request)
  const name = nameOf(request, body)
  const key = `${name} ${body.toString()}`
  const known = tape.replaying ? (tape.answers.get(key) ?? unknown) : undefined
  const { status, headers, body: content } = known ?? (await forward(request, body, target))
  if (!tape.replaying) tape.answers.set(key, { status, headers, body: content })
  response.once('finish', () => tape.calls.push({ name, start, end: performance.now() }))
  response.writeHead(status, headers).end(content)
}

const unknown: Answer = { status: 500, headers: {}, body: Buffer.from('Not recorded') }

function nameOf({ method, url }: IncomingMessage, body: Buffer): string {
  const called = /"path":"([^"]+)"/.exec(body.toString())?.[1]
  return [method, url, called].filter(Boolean).join(' ')
}

function forward(
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  target: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { headers, ...(method !== undefined && { method }) }
    const asked = send(new URL(url ?? '/', target), options, (answered) => {
      const { statusCode: status = 502, headers: given } = answered
      readBody(answered).then(
        (content) => resolve({ status, headers: given, body: content }),
        reject,
      )
    })
    asked.once('error', reject).end(body)
  })
}

/** The sync WebSocket of the browser. */
function tunnel(request: IncomingMessage, socket: Duplex, head: Buffer, target: string): void {
  const { port, hostname } = new URL(target)
  const upstream = connect(Number(port), hostname)
  const lines = [`${request.method} ${request.url} HTTP/1.1`]
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    lines.push(`${request.rawHeaders[index]}: ${request.rawHeaders[index + 1]}`)
  }
  upstream.write(`${lines.join('\r\n')}\r\n\r\n`)
  upstream.write(head)
  upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy())
  socket.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
  socket.pipe(upstream).pipe(socket)
}
