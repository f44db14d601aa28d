import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { resolve } from 'node:path'
import { WebSocketServer } from 'ws'
import { serveCloud } from './cloud.ts'
import { HttpError, listen, type Listening } from './http.ts'
import { authenticate, runCode, type LoggedRequest, type Running } from './running.ts'
import { serveSite } from './site.ts'
import { serveSync } from './sync.ts'
import { createVariables } from './variables.ts'

export type { LoggedRequest } from './running.ts'

export interface DeploymentOptions {
  /** The app: `convex/` with its `_generated`, and node_modules. */
  readonly appDir: string
  /** Of the functions; a free one by default. */
  readonly port?: number
  /** Of the HTTP actions; a free one by default. */
  readonly sitePort?: number
  /** The deployment's variables at the start. */
  readonly env?: Readonly<Record<string, string>>
  /** False leaves the app's functions alone: enough for `convex codegen`, which needs no `_generated`. */
  readonly functions?: boolean
  /** Origin → the one that a function's `fetch` reaches in its place. */
  readonly routes?: Readonly<Record<string, string>>
  /** Is told each line of `logs` as it comes. */
  readonly onLog?: (line: string) => void
}

export interface Deployment {
  /** VITE_CONVEX_URL */
  readonly url: string
  /** VITE_CONVEX_SITE_URL */
  readonly siteUrl: string
  readonly adminKey: string
  /** The variables that users set. */
  readonly env: ReadonlyMap<string, string>
  /** In the order of the answers. */
  readonly requests: readonly LoggedRequest[]
  /** What the functions printed, and what went wrong. */
  readonly logs: readonly string[]
  /** Moves its clock, and its functions', away from this machine's. */
  setClock(offsetMs: number): Promise<void>
  /** How long each query or mutation of an HTTP action is on its way: on Convex, these run apart. */
  setLatency(ms: number): Promise<void>
  /** How many queries and mutations HTTP actions have run so far. */
  countCalls(): Promise<number>
  /** Resolves when the scheduled functions that are due have run. */
  settled(): Promise<void>
  /** Ends the functions and their connections; the HTTP actions go on, as on hosts of their own. */
  stopFunctions(): Promise<void>
  /** Ends connections and the app's code. Can be called twice. */
  stop(): Promise<void>
}

/**
 * Starts a Convex deployment for tests on loopback: the real Convex CLI and a real app talk to it.
 * Throws an Error that names a port in use or the module that can't be imported.
 */
export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  let running: Running | undefined
  const ready = () => {
    if (running) return running
    throw new HttpError(503, 'NotReady', 'The deployment is starting')
  }
  const sockets = new WebSocketServer({ noServer: true })
  const cloud = await listen(options.port ?? 0, (request, response) =>
    logged(ready(), 'cloud', request, response, serveCloud),
  )
  const site = await listen(options.sitePort ?? 0, (request, response) =>
    logged(ready(), 'site', request, response, serveSite),
  ).catch(closing(cloud))
  const disconnect = () => sockets.clients.forEach((socket) => socket.terminate())
  const stopFunctions = () => {
    disconnect()
    return cloud.close()
  }
  const close = async () => {
    await Promise.all([stopFunctions(), site.close(), running?.host.stop()])
  }
  const logs: string[] = []
  const log = (line: string) => {
    logs.push(line)
    options.onLog?.(line)
  }
  running = await start({ ...options, log }, cloud.url, site.url, disconnect).catch(
    async (error) => {
      await close()
      throw error
    },
  )
  acceptSync(cloud, sockets, running)
  const started = running
  return {
    setClock: (offsetMs) => started.backend.setClock(offsetMs),
    setLatency: (ms) => started.backend.setLatency(ms),
    countCalls: () => started.backend.countCalls(),
    settled: () => started.backend.settled(),
    ...running.urls,
    adminKey: running.adminKey,
    env: running.variables.values,
    requests: running.requests,
    logs,
    stopFunctions,
    stop: close,
  }
}

const closing = (listening: Listening) => async (error: unknown) => {
  await listening.close()
  throw error
}

async function start(
  options: DeploymentOptions & Pick<Running, 'log'>,
  url: string,
  siteUrl: string,
  disconnect: () => void,
): Promise<Running> {
  const appDir = resolve(options.appDir)
  const variables = createVariables(
    { CONVEX_CLOUD_URL: url, CONVEX_SITE_URL: siteUrl },
    options.env ?? {},
  )
  const { routes = {}, log } = options
  const code = await runCode({ appDir, variables, routes, log }, options.functions !== false)
  return {
    appDir,
    adminKey: randomBytes(24).toString('hex'),
    variables,
    routes,
    requests: [],
    log,
    urls: { url, siteUrl },
    disconnect,
    ...code,
  }
}

type Serve = (running: Running, request: IncomingMessage, response: ServerResponse) => Promise<void>

async function logged(
  running: Running,
  on: LoggedRequest['on'],
  request: IncomingMessage,
  response: ServerResponse,
  serve: Serve,
): Promise<void> {
  const { method = '', url: path = '' } = request
  let recorded = false
  const record = () => {
    if (!recorded) {
      running.requests.push({ on, method, path, status: response.statusCode })
    }
    recorded = true
  }
  response.on('finish', record).on('close', record)
  try {
    await serve(running, request, response)
  } catch (error) {
    if (!(error instanceof HttpError)) running.log(describe(error))
    throw error
  }
}

const describe = (error: unknown) =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

function acceptSync({ server }: Listening, sockets: WebSocketServer, running: Running): void {
  const outcomes = new Map()
  server.on('upgrade', (request, socket, head) => {
    if (!/^\/api\/([\w.-]+\/)?sync$/.test(request.url ?? '')) {
      return socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
    }
    sockets.handleUpgrade(request, socket, head, (client) =>
      serveSync(client, {
        backend: running.backend,
        outcomes,
        authenticate: (type, value) => authenticate(running, type, value),
        log: (method, path) => running.requests.push({ on: 'cloud', method, path }),
      }),
    )
  })
}
