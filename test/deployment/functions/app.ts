import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  makeFunctionReference,
  type FunctionReference,
  type HttpRouter,
  type UserIdentity,
} from 'convex/server'
import { convexToJson, jsonToConvex, type JSONValue, type Value } from 'convex/values'
import type * as ConvexTest from 'convex-test'
import { componentsOf } from './components.ts'
import { runApart } from './latency.ts'
import type {
  AuthProvider,
  FunctionCall,
  FunctionKind,
  FunctionResult,
  SiteRequest,
  SiteResponse,
} from './messages.ts'

/** The app's functions, imported and ready to run. */
export interface App {
  readonly authProviders: readonly AuthProvider[]
  /** Runs a function; what the function throws is a result, not a rejection. */
  call(call: FunctionCall): Promise<FunctionResult>
  /** Runs the HTTP action of a path. */
  fetch(request: SiteRequest): Promise<SiteResponse>
  /** Resolves when the scheduled functions that run have ended. */
  settled(): Promise<void>
}

type Module = Readonly<Record<string, unknown>>
type Modules = ReadonlyMap<string, Module>
type Backend = ReturnType<typeof ConvexTest.convexTest>

/**
 * Imports every module of an app's `convex` folder and of the components it uses.
 * Throws an Error that names the module that can't be imported.
 */
export async function loadApp(appDir: string): Promise<App> {
  const convexDir = join(appDir, 'convex')
  if (!existsSync(join(convexDir, '_generated'))) {
    throw new Error(`${join(convexDir, '_generated')} is missing: write it with \`convex codegen\``)
  }
  const modules = await importAll(convexDir)
  const backend = await startBackend(appDir, convexDir, modules)
  const router = modules.get('http')?.['default']
  if (router) runApart(router as HttpRouter)
  return {
    authProviders: await readAuthProviders(convexDir),
    call: (call) => callFunction({ convexDir, modules, backend }, call),
    fetch: (request) => fetchFromSite(backend, request),
    settled: () => backend.finishInProgressScheduledFunctions(),
  }
}

async function startBackend(appDir: string, convexDir: string, modules: Modules): Promise<Backend> {
  const app = createRequire(join(appDir, 'package.json'))
  const { convexTest } = (await importFile(
    app.resolve('convex-test'),
  )) as unknown as typeof ConvexTest
  const schema = await importIfThere(convexDir, 'schema')
  const backend = convexTest({
    ...(schema ? { schema: schema['default'] as never } : {}),
    modules: loaders(modules),
  })
  const config = join(convexDir, 'convex.config.ts')
  for (const { path, dir } of existsSync(config) ? componentsOf(config) : []) {
    backend.registerComponent(
      path,
      (await importFile(join(dir, 'schema.js')))['default'] as never,
      loaders(await importAll(dir)),
    )
  }
  return backend
}

/** convex-test asks for modules inside a transaction, where an import would be refused its timers. */
function loaders(modules: Modules): Record<string, () => Promise<Module>> {
  return Object.fromEntries(
    [...modules].map(([path, module]) => [`./${path}.js`, () => Promise.resolve(module)]),
  )
}

async function importAll(dir: string): Promise<Modules> {
  const modules = new Map<string, Module>()
  for (const path of listModules(dir)) {
    modules.set(path.replace(/\.[^.]+$/, ''), await importFile(join(dir, path)))
  }
  return modules
}

/** The same choice as the Convex CLI's: no name with two dots (tests, declarations, configuration). */
function listModules(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /^[^.#][^.]*\.[jt]sx?$/.test(basename(path)))
    .sort()
}

async function importFile(path: string): Promise<Module> {
  try {
    return (await import(pathToFileURL(path).href)) as Module
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${path} can't be imported: ${reason}`, { cause: error })
  }
}

async function importIfThere(dir: string, name: string): Promise<Module | undefined> {
  const path = ['.ts', '.js'].map((ext) => join(dir, name + ext))
  const file = path.find((candidate) => existsSync(candidate))
  return file === undefined ? undefined : importFile(file)
}

async function readAuthProviders(convexDir: string): Promise<readonly AuthProvider[]> {
  const config = await importIfThere(convexDir, 'auth.config')
  const { providers = [] } = (config?.['default'] ?? {}) as {
    providers?: AuthProvider[]
  }
  return providers
}

interface Imported {
  readonly convexDir: string
  readonly modules: Modules
  readonly backend: Backend
}

async function callFunction(app: Imported, call: FunctionCall): Promise<FunctionResult> {
  const { backend, modules } = app
  const path = canonicalPath(call.path)
  const found = findFunction(modules, path, call)
  if ('refusal' in found) return failure(found.refusal)
  const caller = call.identity
    ? backend.withIdentity(call.identity as Partial<UserIdentity>)
    : backend
  const run = caller[found.kind] as unknown as (
    reference: FunctionReference<FunctionKind>,
    args: Value,
  ) => Promise<Value | undefined>
  try {
    const value = await run(makeFunctionReference<FunctionKind>(path), jsonToConvex(call.args))
    return { ok: true, value: convexToJson(value ?? null) }
  } catch (error) {
    return thrown(error, app.convexDir)
  }
}

/** `tasks.js:list` and `tasks:list` are one function, `tasks` is its default export. */
function canonicalPath(path: string): string {
  const [module = '', name = 'default'] = path.split(':')
  return `${module.replace(/\.[jt]sx?$/, '')}:${name}`
}

/** convex-test runs whatever it is asked to; a deployment keeps to public functions of the right kind. */
function findFunction(
  modules: Modules,
  path: string,
  { kind, admin }: FunctionCall,
): { kind: FunctionKind } | { refusal: string } {
  const [module = '', name = ''] = path.split(':')
  const found = modules.get(module)?.[name] as Record<string, unknown> | undefined
  const actual = kindOf(found)
  if (actual === undefined || (!admin && found?.['isPublic'] !== true)) {
    return {
      refusal: `Could not find public function for '${path}'. Did you forget to run \`npx convex dev\` or \`npx convex deploy\`?`,
    }
  }
  if (kind === 'any' || kind === actual) return { kind: actual }
  return {
    refusal: `Trying to execute ${path} as ${capital(kind)}, but it is defined as ${capital(actual)}.`,
  }
}

function kindOf(found: Record<string, unknown> | undefined): FunctionKind | undefined {
  if (found?.['isQuery']) return 'query'
  if (found?.['isMutation']) return 'mutation'
  if (found?.['isAction']) return 'action'
  return undefined
}

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1)

/** A deployment shows the frames of the app's own code. */
function frames({ stack = '' }: Error, convexDir: string): string {
  const own = stack.split('\n').filter((line) => line.includes(convexDir))
  return own.map((line) => `\n${line.replace(convexDir, '../convex')}`).join('')
}

function thrown(error: unknown, convexDir: string): FunctionResult {
  if (!(error instanceof Error)) return failure(`Uncaught ${String(error)}`)
  const message = `Uncaught ${error.name}: ${error.message}${frames(error, convexDir)}`
  const data = (error as { data?: Value }).data
  const isConvexError = Symbol.for('ConvexError') in error
  return isConvexError && data !== undefined
    ? failure(message, convexToJson(data))
    : failure(message)
}

function failure(message: string, data?: JSONValue): FunctionResult {
  const request = randomBytes(8).toString('hex')
  return {
    ok: false,
    message: `[Request ID: ${request}] Server Error\n${message}`,
    ...(data === undefined ? {} : { data }),
  }
}

async function fetchFromSite(backend: Backend, request: SiteRequest): Promise<SiteResponse> {
  const headers = new Headers(request.headers.map(([k, v]) => [k, v]))
  const caller = request.identity
    ? backend.withIdentity(request.identity as Partial<UserIdentity>)
    : backend
  const response = await caller
    .withRequestMetadata({ ip: request.ip, userAgent: headers.get('user-agent') })
    .fetch(request.path, {
      method: request.method,
      headers,
      // An action that redirects answers the browser: nothing here may follow it.
      redirect: 'manual',
      ...(request.body ? { body: Buffer.from(request.body) } : {}),
    })
  return {
    status: response.status,
    headers: [...response.headers],
    body: new Uint8Array(await response.arrayBuffer()),
  }
}
