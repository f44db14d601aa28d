import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'dotenv'
import { startDeployment, type LoggedRequest } from '../../deployment/server.ts'
import { runWell } from '../../helpers/run.ts'
import { startServer } from './process.ts'
import { buildApp, type Ports, type Workspace } from './workspace.ts'

/** The Convex deployment behind an app. */
export interface Backend {
  readonly url: string
  readonly siteUrl: string
  /** What points the Convex CLI at it. */
  readonly cliEnv: Readonly<Record<string, string>>
  readonly requests: readonly LoggedRequest[]
  /** Sets variables while it runs; null removes one. */
  readonly setVariables: (changes: readonly Change[]) => Promise<void>
  /** Moves its clock away from this machine's; the test's own deployment only. */
  readonly setClock: (offsetMs: number) => Promise<void>
  /** How long each query or mutation of an HTTP action is on its way; the test's own deployment only. */
  readonly setLatency: (ms: number) => Promise<void>
  /** How many queries and mutations HTTP actions have run so far; the test's own deployment only. */
  readonly countCalls: () => Promise<number>
  /** Resolves when the scheduled functions that are due have run; the test's own deployment only. */
  readonly settled: () => Promise<void>
  readonly log: () => string
  /** Ends the functions, and leaves the HTTP actions; the test's own deployment only. */
  readonly stopFunctions: () => Promise<void>
  readonly stop: () => Promise<void>
}

interface Change {
  readonly name: string
  readonly value: string | null
}

export interface BackendOptions {
  readonly workspace: Workspace
  readonly name: string
  readonly ports: Ports
  /** Set beside those of `.env.convex`. */
  readonly env: Readonly<Record<string, string>>
  /** Origin → where the deployment finds it. */
  readonly routes?: Readonly<Record<string, string>>
}

/**
 * `E2E_BACKEND=local` runs Convex's own local backend, which the CLI
 * downloads; it logs no requests and can't be given routes.
 */
export const ownDeployment = process.env['E2E_BACKEND'] !== 'local'

/** Starts the deployment of an app. Throws when it doesn't come up. */
export function startBackend(options: BackendOptions): Promise<Backend> {
  return ownDeployment ? startOwn(options) : startLocal(options)
}

async function startOwn(options: BackendOptions): Promise<Backend> {
  const { workspace, name, ports, env, routes } = options
  const appDir = join(workspace.home, name)
  const deployment = await startDeployment({
    appDir,
    port: ports.convex,
    sitePort: ports.convexSite,
    env: { ...parse(readFileSync(join(appDir, '.env.convex'))), ...env },
    ...(routes && { routes }),
  })
  return {
    url: deployment.url,
    siteUrl: deployment.siteUrl,
    cliEnv: {
      CONVEX_SELF_HOSTED_URL: deployment.url,
      CONVEX_SELF_HOSTED_ADMIN_KEY: deployment.adminKey,
    },
    requests: deployment.requests,
    setVariables: async (changes) => {
      const response = await fetch(`${deployment.url}/api/update_environment_variables`, {
        method: 'POST',
        headers: {
          authorization: `Convex ${deployment.adminKey}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ changes }),
      })
      if (!response.ok) throw new Error(await response.text())
    },
    log: () =>
      [
        ...deployment.requests.map(
          ({ on, method, path, status = '' }) => `${on} ${method} ${path} ${status}`,
        ),
        ...deployment.logs,
      ].join('\n'),
    setClock: deployment.setClock,
    setLatency: deployment.setLatency,
    countCalls: deployment.countCalls,
    settled: deployment.settled,
    stopFunctions: deployment.stopFunctions,
    stop: () => deployment.stop(),
  }
}

/** The commands that the generator prints, and then the build that knows where the backend is. */
async function startLocal(options: BackendOptions): Promise<Backend> {
  const { workspace, name, ports } = options
  const cwd = join(workspace.home, name)
  const cliEnv = { CONVEX_AGENT_MODE: 'anonymous' }
  const env = { ...workspace.env, ...cliEnv }
  const convex = (...args: string[]) => runWell('npx', ['convex', ...args], { cwd, env })
  await convex('init')
  await convex('env', 'set', '--force', '--from-file', '.env.convex')
  for (const [variable, value] of Object.entries(options.env)) {
    await convex('env', 'set', variable, value)
  }
  const server = await startServer({
    command: [
      'npx',
      'convex',
      'dev',
      '--tail-logs',
      'disable',
      '--local-cloud-port',
      String(ports.convex),
      '--local-site-port',
      String(ports.convexSite),
    ],
    cwd,
    env,
    port: ports.convex,
    path: '/version',
  })
  await buildApp(workspace, name)
  const url = `http://127.0.0.1:${ports.convex}`
  const siteUrl = `http://127.0.0.1:${ports.convexSite}`
  return {
    url,
    siteUrl,
    cliEnv,
    requests: [],
    setVariables: async (changes) => {
      for (const { name: variable, value } of changes) {
        if (value === null) await convex('env', 'remove', variable)
        else await convex('env', 'set', variable, value)
      }
    },
    log: server.log,
    setClock: () => Promise.reject(new Error("Convex's backend has the machine's clock")),
    setLatency: () => Promise.reject(new Error("Convex's backend is as far as it is")),
    countCalls: () => Promise.reject(new Error("Convex's backend doesn't tell")),
    settled: () => Promise.reject(new Error("Convex's backend doesn't tell")),
    stopFunctions: () => Promise.reject(new Error("Convex's backend is one program")),
    stop: server.stop,
  }
}
