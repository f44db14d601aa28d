import type { FunctionsHost } from './functions/host.ts'
import { startFunctionsHost } from './functions/host.ts'
import type { Identity, Routes } from './functions/messages.ts'
import { anonymous, AuthError, type Caller } from './auth.ts'
import { createBackend, type Backend } from './backend.ts'
import { digestFunctions } from './push.ts'
import type { Variables } from './variables.ts'

/** A request that the deployment answered, or an event on a sync connection. */
export interface LoggedRequest {
  readonly on: 'cloud' | 'site'
  /** `GET`, `POST`, …; `Query`, `Mutation`, `Action`, `Authenticate` on a sync connection. */
  readonly method: string
  /** The path with its query, or the function's name. */
  readonly path: string
  /** Of the HTTP answer. */
  readonly status?: number
}

/** What the parts of a running deployment share. */
export interface Running {
  readonly appDir: string
  readonly adminKey: string
  readonly variables: Variables
  readonly routes: Routes
  readonly requests: LoggedRequest[]
  readonly log: (line: string) => void
  readonly urls: { url: string; siteUrl: string }
  host: FunctionsHost
  backend: Backend
  /** Of the code in service. */
  digest: string
  /** Closes the sync connections; their clients connect again. */
  disconnect(): void
}

/** What a thread with the app's code needs. */
type Code = Pick<Running, 'appDir' | 'variables' | 'routes' | 'log'>

/** Starts a thread with the app's code as it is now. */
export async function runCode(
  { appDir, variables, routes, log }: Code,
  load: boolean,
): Promise<Pick<Running, 'host' | 'backend' | 'digest'>> {
  const digest = digestFunctions(appDir)
  const env = variables.environment()
  const host = startFunctionsHost(appDir, env, routes, log)
  try {
    return { host, digest, backend: await createBackend(host, variables, load) }
  } catch (error) {
    await host.stop()
    throw error
  }
}

/** Replaces the code in service, when it has changed. The data is lost with it: convex-test holds both. */
export async function deploy(running: Running): Promise<void> {
  if (digestFunctions(running.appDir) === running.digest) return
  const previous = running.host
  Object.assign(running, await runCode(running, true))
  running.disconnect()
  await previous.stop()
}

/** Answers who an Authorization header belongs to. Rejects with an AuthError. */
export function authenticateHeader(running: Running, header: string | undefined): Promise<Caller> {
  const [, scheme = '', token = ''] = /^(\w+) +(.*)$/.exec(header ?? '') ?? []
  if (header === undefined) return authenticate(running, 'None', '')
  if (scheme.toLowerCase() === 'convex') {
    return authenticate(running, 'Admin', token)
  }
  if (scheme.toLowerCase() === 'bearer') {
    return authenticate(running, 'User', token)
  }
  const message = 'Header must begin with `bearer `'
  return Promise.reject(new AuthError('InvalidAuthHeader', message))
}

/** Answers who a token belongs to. Throws an AuthError. */
export async function authenticate(
  running: Running,
  tokenType: string,
  token: string,
): Promise<Caller> {
  if (tokenType === 'User') return running.backend.verify(token)
  if (tokenType !== 'Admin') return anonymous
  const [key, actingAs] = token.split(':')
  if (key === running.adminKey) {
    return { ...anonymous, admin: true, identity: parseActingAs(actingAs) }
  }
  throw new AuthError('BadDeployKey', badDeployKey)
}

/** `convex run --identity` sends whom it acts as, in base64, after the key. */
function parseActingAs(encoded: string | undefined): Identity | null {
  if (encoded === undefined) return null
  const attributes = JSON.parse(
    Buffer.from(encoded, 'base64').toString('utf8'),
  ) as Partial<Identity>
  const { issuer = 'https://convex.test', subject = '' } = attributes
  const tokenIdentifier = `${issuer}|${subject}`
  return { tokenIdentifier, ...attributes, issuer, subject }
}

export const badDeployKey =
  'The provided deploy key was invalid for this deployment. Double check that the environment this key was generated for matches the desired deployment.'
