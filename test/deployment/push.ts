import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FunctionsHost } from './functions/host.ts'
import type { Analysis, PushRequest } from './functions/analyze.ts'
import { HttpError } from './http.ts'
import type { Variables } from './variables.ts'

type Body = Record<string, unknown>

/** An endpoint that the CLI calls with the admin key: the body in, the answer out. */
export type Endpoint = (body: Body) => unknown

/** What the endpoints of a push need of their deployment. */
export interface PushContext {
  readonly urls: { readonly url: string; readonly siteUrl: string }
  readonly variables: Variables
  host(): FunctionsHost
  /** Puts the app's present code in service. Called at the end of a push. */
  deploy(): Promise<void>
}

/** The endpoints behind `convex codegen`, `convex deploy` and `convex dev`: path → answer. */
export function pushEndpoints(context: PushContext): Record<string, Endpoint> {
  return {
    '/api/get_config_hashes': () => ({
      config: { functions: 'convex/' },
      moduleHashes: [],
      nodeDependencies: [],
      udfServerVersion: null,
    }),
    '/api/deploy2/start_push': (body) => startPush(context, body as unknown as PushRequest),
    '/api/deploy2/evaluate_push': () => ({ schemaChange: noSchemaChange }),
    '/api/deploy2/evaluate_schema': () => ({
      componentSchemaEvaluations: {},
      newComponentDefinitions: [],
    }),
    '/api/deploy2/wait_for_schema': () => ({ type: 'complete' }),
    '/api/deploy2/finish_push': (body) => finishPush(context, body),
    '/api/deploy2/report_push_completed': () => null,
  }
}

const noSchemaChange = { allocatedComponentIds: {}, schemaIds: {} }

async function startPush({ host, variables }: PushContext, push: PushRequest): Promise<object> {
  const analysis = await analyze(host(), push)
  const missing = analysis.requiredEnv.filter((name) => !variables.values.has(name))
  if (missing.length > 0) {
    throw new HttpError(
      400,
      'MissingEnvironmentVariables',
      `Environment variables are declared as required in convex.config.ts but are not set: ${missing.join(', ')}.`,
    )
  }
  return {
    environmentVariables: Object.fromEntries(variables.values),
    externalDepsId: null,
    componentDefinitionPackages: {},
    appAuth: analysis.appAuth.map((provider) =>
      provider.type === 'customJwt' ? { applicationID: null, ...provider } : provider,
    ),
    analysis: analysis.analysis,
    app: analysis.app,
    schemaChange: noSchemaChange,
  }
}

async function analyze(host: FunctionsHost, push: PushRequest): Promise<Analysis> {
  try {
    return await host.ask('analyze', push)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new HttpError(400, 'InvalidModules', `Failed to analyze: ${reason}`)
  }
}

async function finishPush(context: PushContext, body: Body): Promise<object> {
  if (body['dryRun'] !== true) await context.deploy()
  return {
    authDiff: { added: [], removed: [] },
    definitionDiffs: {},
    componentDiffs: {},
  }
}

/** A digest of an app's functions: two that are equal are the same code. */
export function digestFunctions(appDir: string): string {
  const dir = join(appDir, 'convex')
  const hash = createHash('sha256')
  for (const entry of readdirSync(dir, {
    recursive: true,
    withFileTypes: true,
  }).sort(byPath)) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) hash.update(`${path}\0`).update(readFileSync(path))
  }
  return hash.digest('hex')
}

type Located = { readonly parentPath: string; readonly name: string }
const byPath = (a: Located, b: Located) =>
  join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1
