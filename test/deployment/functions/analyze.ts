import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AuthProvider } from './messages.ts'

/** A module as the Convex CLI bundles it. */
interface Bundle {
  readonly path: string
  readonly source: string
  readonly environment: 'isolate' | 'node'
}

interface ComponentBundle {
  readonly definitionPath: string
  readonly definition: Bundle
  readonly dependencies: readonly string[]
  readonly schema: Bundle | null
  readonly functions: readonly Bundle[]
  readonly udfServerVersion: string
}

/** The body of `/api/deploy2/start_push`, as far as it is read here. */
export interface PushRequest {
  readonly adminKey: string
  readonly appDefinition: {
    readonly definition: Bundle | null
    readonly dependencies: readonly string[]
    readonly schema: Bundle | null
    readonly changedModules: readonly Bundle[]
    readonly udfServerVersion: string
  }
  readonly componentDefinitions: readonly ComponentBundle[]
}

interface EnvDeclaration {
  readonly type: 'value'
  readonly value: string
  readonly optional?: boolean
}

/** What `defineApp` and `defineComponent` declare, as `export()` puts it. */
interface Declared {
  readonly childComponents: readonly { name: string; path: string }[]
  readonly envVars?: readonly (readonly [string, EnvDeclaration])[]
  readonly [key: string]: unknown
}

/** What the code of a push declares. */
export interface Analysis {
  readonly appAuth: readonly AuthProvider[]
  /** Definition path → definition, schema and functions; the app's path is empty. */
  readonly analysis: Readonly<Record<string, object>>
  readonly app: object
  /** Variables that `defineApp` requires. */
  readonly requiredEnv: readonly string[]
}

type Module = Readonly<Record<string, unknown>>

/**
 * Evaluates the bundles of a push. Returns what they declare.
 * Throws what a module throws while it is evaluated.
 */
export async function analyzePush(push: PushRequest): Promise<Analysis> {
  const dir = await mkdtemp(join(tmpdir(), 'convex-push-'))
  try {
    return await analyzeIn(dir, push)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function analyzeIn(dir: string, push: PushRequest): Promise<Analysis> {
  await writeFile(join(dir, 'package.json'), '{"type":"module"}')
  const analysis: Record<string, object> = {}
  const declared = new Map<string, Declared>()
  const components = [appBundle(push), ...push.componentDefinitions]
  const evaluate = createEvaluate(dir)
  const names = await componentNames(evaluate, push.componentDefinitions)
  for (const [index, component] of components.entries()) {
    const path = component.definitionPath
    const definition = await evaluateDefinition(evaluate, component, names)
    declared.set(path, definition)
    analysis[path] = {
      definition: { path, ...definition, ...sortedEnv(definition) },
      schema: await evaluateSchema(evaluate, component.schema),
      functions: await analyzeModules(join(dir, String(index)), component),
      udfConfig: {
        serverVersion: component.udfServerVersion,
        importPhaseRngSeed: null,
        importPhaseUnixTimestamp: null,
      },
    }
  }
  const auth = push.appDefinition.changedModules.find(isAuthConfig)
  return {
    appAuth: auth ? await evaluateAuth(evaluate, auth) : [],
    analysis,
    app: instantiate(declared, '', ''),
    requiredEnv: (declared.get('')?.envVars ?? [])
      .filter(([, variable]) => variable.optional !== true)
      .map(([name]) => name),
  }
}

function appBundle({ appDefinition }: PushRequest): ComponentBundle {
  if (!appDefinition.definition) {
    throw new Error('The app has no convex/convex.config.ts')
  }
  return {
    ...appDefinition,
    definition: appDefinition.definition,
    definitionPath: '',
    functions: appDefinition.changedModules.filter((m) => !isAuthConfig(m)),
  }
}

const isAuthConfig = ({ path }: Bundle) => path === 'auth.config.js'

/** A component's own name, which `app.use` takes unless it is given another. */
async function componentNames(
  evaluate: Evaluate,
  components: readonly ComponentBundle[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  // A component that uses others refuses an empty name.
  const anonymous = new Map(components.map(({ definitionPath }) => [definitionPath, 'unnamed']))
  for (const component of components) {
    const module = await evaluate(...linked(component, anonymous))
    const { _name } = module['default'] as { _name: string }
    names.set(component.definitionPath, _name)
  }
  return names
}

async function evaluateDefinition(
  evaluate: Evaluate,
  component: ComponentBundle,
  names: ReadonlyMap<string, string>,
): Promise<Declared> {
  const module = await evaluate(...linked(component, names))
  return (module['default'] as { export(): Declared }).export()
}

/** The CLI leaves the import of another component open; the backend puts that component's name in. */
function linked(
  { definition, dependencies }: ComponentBundle,
  names: ReadonlyMap<string, string>,
): [source: string, imports: Map<string, string>] {
  const imports = dependencies.map((path): [string, string] => {
    const specifier = `./_componentDeps/${Buffer.from(path).toString('base64url')}`
    const stub = {
      componentDefinitionPath: path,
      defaultName: names.get(path),
    }
    return [specifier, `export default ${JSON.stringify(stub)}`]
  })
  return [definition.source, new Map(imports)]
}

async function evaluateSchema(evaluate: Evaluate, schema: Bundle | null): Promise<unknown> {
  if (!schema) return null
  const module = await evaluate(schema.source)
  return JSON.parse((module['default'] as { export(): string }).export())
}

async function evaluateAuth(evaluate: Evaluate, auth: Bundle): Promise<readonly AuthProvider[]> {
  const module = await evaluate(auth.source)
  const config = module['default'] as { providers: AuthProvider[] }
  return config.providers
}

/** Imports a module; `imports` are the modules that it finds under these specifiers. */
type Evaluate = (source: string, imports?: ReadonlyMap<string, string>) => Promise<Module>

function createEvaluate(dir: string): Evaluate {
  let count = 0
  const write = async (source: string) => {
    const name = `./module-${(count += 1)}.js`
    await writeFile(join(dir, name), source)
    return name
  }
  return async (source, imports = new Map()) => {
    let linked = source
    for (const [specifier, imported] of imports) {
      const name = await write(imported)
      linked = linked.replaceAll(`"${specifier}"`, `"${name}"`)
    }
    const path = join(dir, await write(linked))
    return (await import(pathToFileURL(path).href)) as Module
  }
}

/** Modules share chunks by relative imports: they need a folder to lie in. */
async function analyzeModules(
  dir: string,
  { functions }: ComponentBundle,
): Promise<Record<string, AnalyzedModule>> {
  for (const { path, source } of functions) {
    await mkdir(join(dir, posix.dirname(path)), { recursive: true })
    await writeFile(join(dir, path), source)
  }
  const analyzed: Record<string, AnalyzedModule> = {}
  for (const { path, environment } of functions) {
    if (path.startsWith('_deps/') || environment !== 'isolate') continue
    const module = (await import(pathToFileURL(join(dir, path)).href)) as Module
    analyzed[path] = {
      functions: analyzeFunctions(module),
      httpRoutes: null,
      cronSpecs: path === 'crons.js' ? analyzeCrons(module) : null,
      sourceMapped: null,
    }
  }
  checkCrons(analyzed)
  return analyzed
}

interface AnalyzedModule {
  readonly functions: readonly { readonly name: string }[]
  readonly httpRoutes: null
  readonly cronSpecs: Readonly<Record<string, { readonly udfPath: string }>> | null
  readonly sourceMapped: null
}

interface Registered {
  readonly isQuery?: boolean
  readonly isMutation?: boolean
  readonly isAction?: boolean
  readonly isPublic?: boolean
  exportArgs(): string
  exportReturns(): string
}

function analyzeFunctions(module: Module): { readonly name: string }[] {
  return Object.entries(module)
    .filter(([, value]) => udfType(value as Registered) !== undefined)
    .map(([name, value]) => {
      const registered = value as Registered
      return {
        name,
        pos: null,
        udfType: udfType(registered),
        visibility: { kind: registered.isPublic ? 'public' : 'internal' },
        args: registered.exportArgs(),
        returns: registered.exportReturns(),
      }
    })
}

/** What `cronJobs()` holds, as `export()` puts it. */
interface Crons {
  readonly isCrons?: boolean
  export(): string
}

interface CronJob {
  readonly name: string
  readonly args: readonly unknown[]
  readonly schedule: object
}

function analyzeCrons({ default: crons }: Module): AnalyzedModule['cronSpecs'] {
  if (!(crons as Crons | undefined)?.isCrons) {
    throw new Error('`crons.js` must export the result of `cronJobs()` as its default')
  }
  const jobs = JSON.parse((crons as Crons).export()) as Record<string, CronJob>
  return Object.fromEntries(
    Object.entries(jobs).map(([identifier, { name, args, schedule }]) => [
      identifier,
      { udfPath: name, udfArgs: args, cronSchedule: schedule },
    ]),
  )
}

/** Crons name their functions as text: a deployment refuses one that isn't there. */
function checkCrons(modules: Record<string, AnalyzedModule>): void {
  for (const [identifier, { udfPath }] of Object.entries(modules['crons.js']?.cronSpecs ?? {})) {
    const [path = '', name = 'default'] = udfPath.split(':')
    const found = modules[`${path}.js`]?.functions.some((one) => one.name === name)
    if (!found) {
      throw new Error(
        `The cron job '${identifier}' schedules a function that does not exist: ${udfPath}`,
      )
    }
  }
}

function udfType(value: Registered | null | undefined): string | undefined {
  if (value?.isQuery) return 'Query'
  if (value?.isMutation) return 'Mutation'
  return value?.isAction ? 'Action' : undefined
}

/** The tree of components, from the app down. */
function instantiate(
  declared: ReadonlyMap<string, Declared>,
  definitionPath: string,
  componentPath: string,
): object {
  const children = declared.get(definitionPath)?.childComponents ?? []
  return {
    definitionPath,
    componentPath,
    args: {},
    childComponents: Object.fromEntries(
      children.map(({ name, path }) => [
        name,
        instantiate(declared, path, posix.join(componentPath, name)),
      ]),
    ),
    httpRoutes: { httpModuleRoutes: null, mounts: [] },
    exports: {},
  }
}

/** A deployment keeps the variables in a sorted map, and answers in that order. */
const sortedEnv = ({ envVars }: Declared): Pick<Declared, 'envVars'> =>
  envVars ? { envVars: envVars.toSorted(([a], [b]) => (a < b ? -1 : 1)) } : {}
