import { join } from 'node:path'
import type { Combination } from '../../helpers/combinations.ts'
import { startBackend, type Backend } from './backend.ts'
import { startServer, type Server } from './process.ts'
import { PROVIDER_ORIGINS, startProvider, type Provider, type Registration } from './provider.ts'
import { RESEND_ORIGIN, startResend, type Resend } from './resend.ts'
import type { Workspace } from './workspace.ts'

/** `npm start` of a build, or `npm run dev`. */
export type Mode = 'production' | 'dev'

/** A running app, its backend, and the provider that it signs in with. */
export interface Site {
  readonly name: string
  readonly combination: Combination
  readonly url: string
  readonly appDir: string
  readonly app: Server
  readonly backend: Backend
  readonly provider: Provider
  /** Where the deployment's mails go. */
  readonly resend?: Resend
  readonly log: () => string
  readonly stop: () => Promise<void>
}

interface SiteOptions {
  readonly workspace: Workspace
  readonly combination: Combination
  readonly mode: Mode
}

/** A secret that has to survive quoting, encoding and headers. */
export const REGISTRATION: Registration = {
  clientId: 'client-of-the-test',
  clientSecret: `s3cret +/=&%$'"\\#`,
}

/** The variables that let the app send mails. */
export const SENDING = {
  RESEND_API_KEY: 're_test_0123456789',
  EMAIL_FROM: 'The App <hello@mail.app.example>',
}

/** The variables that register the app with a provider. */
export const registrationEnv = (provider: string): Record<string, string> => ({
  [`${provider.toUpperCase()}_CLIENT_ID`]: REGISTRATION.clientId,
  [`${provider.toUpperCase()}_CLIENT_SECRET`]: REGISTRATION.clientSecret,
})

/** Starts the backend, then the app. Throws when one doesn't come up; then nothing is left running. */
export async function startSite(options: SiteOptions): Promise<Site> {
  const { workspace, combination, mode } = options
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (let end = stops.pop(); end; end = stops.pop()) await end()
  }
  try {
    const provider = await startProvider(REGISTRATION)
    stops.push(provider.close)
    const resend = await startResend({
      apiKey: SENDING.RESEND_API_KEY,
      domains: ['mail.app.example'],
    })
    stops.push(resend.close)
    const backend = await startBackendFor(options, provider, resend)
    stops.push(backend.stop)
    const app = await startApp(workspace, repositoryOf(options), mode, backend)
    stops.push(app.stop)
    return {
      name: repositoryOf(options),
      combination,
      url: app.url,
      appDir: join(workspace.home, repositoryOf(options)),
      app,
      backend,
      provider,
      resend,
      log: () => `# app\n${app.log()}\n\n# backend\n${backend.log()}`,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const repositoryOf = ({ combination, mode }: Pick<SiteOptions, 'combination' | 'mode'>) =>
  mode === 'dev' ? `${combination.name}-dev` : combination.name

function startBackendFor(
  options: SiteOptions,
  { url }: Provider,
  resend: Resend,
): Promise<Backend> {
  const { workspace, combination } = options
  const env = Object.assign(
    combination.email ? { ...SENDING } : {},
    ...combination.providers.map(registrationEnv),
  )
  return startBackend({
    workspace,
    name: repositoryOf(options),
    ports: portsOf(workspace, repositoryOf(options)),
    env,
    routes: {
      ...Object.fromEntries(PROVIDER_ORIGINS.map((from) => [from, url])),
      [RESEND_ORIGIN]: resend.url,
    },
  })
}

/** Starts an app that is built, or its dev server, as its user does. */
export function startApp(
  { home, env, ports }: Workspace,
  name: string,
  mode: Mode,
  backend: Pick<Backend, 'cliEnv'>,
): Promise<Server> {
  const dev = mode === 'dev'
  return startServer({
    command: dev ? ['npm', 'run', 'dev'] : ['npm', 'start'],
    cwd: join(home, name),
    env: { ...env, ...(dev && backend.cliEnv) },
    port: ports[name]?.app ?? 0,
    // Vite answers long before it has bundled what the first page needs.
    path: '/sign-in',
  })
}

function portsOf({ ports }: Workspace, name: string) {
  const found = ports[name]
  if (found) return found
  throw new Error(`There is no ${name} in this workspace`)
}
