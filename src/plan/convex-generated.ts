import { CliError } from '../errors.ts'
import type { EnvVar } from '../layers/layer.ts'

/** The files of `convex/_generated` that depend on the layers. */
export const API_TYPES = 'convex/_generated/api.d.ts'
export const SERVER_TYPES = 'convex/_generated/server.d.ts'

/** Written by TanStack's router, from the routes. */
export const ROUTE_TREE = 'src/routeTree.gen.ts'

const platformVariables = ['CONVEX_CLOUD_URL', 'CONVEX_SITE_URL']

const RESERVED = new Set(
  `fullApi api internal components break case catch class const continue
  debugger default delete do else export extends false finally for function if
  import in instanceof new null return super switch this throw true try typeof
  var void while with let static yield await enum implements interface package
  private protected public`.split(/\s+/),
)

type Contents = ReadonlyMap<string, string | Uint8Array>

/** A variable that `server.d.ts` declares. */
export interface DeclaredVariable extends Pick<EnvVar, 'name' | 'optional'> {
  /** What stands behind its colon, as it stands there; without it, a text. */
  readonly type?: string
}

/**
 * `api.d.ts` as the Convex CLI writes it for these files. Rules: convex 1.48,
 * src/cli/codegen_templates/{api,component_api}.ts.
 *
 * @param text - what the CLI wrote for the base layer
 * @param paths - every module of the plan, as {@link convexModules} finds them
 * @throws {CliError} when the text has another shape than the CLI's
 */
export function mergeApiTypes(text: string, paths: readonly string[]): string {
  const modules = paths
    .toSorted()
    .map((path) => path.slice('convex/'.length, path.lastIndexOf('.')))
    .map((module) => {
      const name = module.replaceAll(/[/-]/g, '_')
      return { module, name: RESERVED.has(name) ? `${name}_` : name }
    })
  const imports = modules.map(
    ({ module, name }) => `import type * as ${name} from "../${module}.js";`,
  )
  const entries = modules.map(({ module, name }) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(module) ? module : JSON.stringify(module)
    return `  ${key}: typeof ${name};`
  })
  const importRun = /(?:^import type \* as \w+ from "\.\.\/.*";\n)+/m
  const entryRun = /(?:^ {2}(?:\w+|"[^"]+"): typeof \w+;\n)+/m
  return replaceRun(replaceRun(text, importRun, imports, API_TYPES), entryRun, entries, API_TYPES)
}

/**
 * `api.d.ts` with these components (name → package) beside those that it names, as the
 * Convex CLI writes it. Rule: convex 1.48, src/cli/codegen_templates/component_api.ts.
 *
 * @param components - undefined is the package of one that goes
 * @throws {CliError} when the text has another shape than the CLI's
 */
export function mergeComponents(
  text: string,
  components: Readonly<Record<string, string | undefined>>,
): string {
  const used = Object.entries(components).flatMap(([name, from]) =>
    from === undefined
      ? []
      : `  ${name}: import("${from}/_generated/component.js").ComponentApi<"${name}">;`,
  )
  const present = text.match(/^ {2}\w+: import\(".+"\).*;$/gm) ?? []
  const names = Object.keys(components)
  const others = present.filter((line) => !names.some((name) => line.startsWith(`  ${name}:`)))
  const lines = [...others, ...used].toSorted()
  return replaceRun(text, /(?:^ {2}\w+: import\(".+"\).*;\n)+/m, lines, API_TYPES)
}

/**
 * `server.d.ts` as the Convex CLI writes it when the app declares these
 * variables. Rule: convex 1.48, src/cli/codegen_templates/server.ts.
 *
 * @throws {CliError} when the text has another shape than the CLI's
 */
export function mergeServerTypes(text: string, env: readonly DeclaredVariable[]): string {
  const ofPlatform = platformVariables.map((name): DeclaredVariable => ({ name }))
  // The CLI prints what the deployment answers, and that keeps them sorted.
  const declared = env.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const lines = [...ofPlatform, ...declared].map(({ name, optional, type }) => {
    if (type !== undefined) return `  readonly ${name}:${type};`
    const line = `  readonly ${name}: string${optional ? ' | undefined' : ''};`
    // Where prettier breaks it.
    return optional && line.length > 80 ? line.replace(': ', ':\n    ') : line
  })
  return replaceRun(text, /(?:^ {2}readonly \w+:\s[^]*?;\n)+/m, lines, SERVER_TYPES)
}

/** The variables that `server.d.ts` declares, without those that Convex sets itself. */
export function declaredVariables(types: string): DeclaredVariable[] {
  // A union of literals may have a line for each.
  const entries = types.matchAll(/^ {2}readonly (\w+):(\s[^]*?);\r?$/gm)
  return [...entries]
    .map(([, name = '', type = '']) => ({ name, type, optional: /\|\s+undefined$/.test(type) }))
    .filter(({ name }) => !platformVariables.includes(name))
}

/**
 * The files that a deployment takes for modules with functions. Rule: convex
 * 1.48, `entryPoints` in src/bundler/index.ts.
 */
export function convexModules(files: Contents): string[] {
  const paths = [...files.keys()].filter((path) => path.startsWith('convex/'))
  const components = paths.flatMap(
    (path) => /^(convex\/.+\/)convex\.config\.ts$/.exec(path)?.[1] ?? [],
  )
  return paths.filter((path) => {
    const base = path.slice(path.lastIndexOf('/') + 1)
    if (!/\.(?:[cm]?[jt]s|[jt]sx)$/.test(base) || base.split('.').length > 2) return false
    if (/^[.#]|^schema\.[jt]s$/.test(base) || path.includes(' ')) return false
    if (path.startsWith('convex/_generated/')) return false
    if (components.some((folder) => path.startsWith(folder))) return false
    return !/\.tsx?$/.test(base) || /^\s{0,100}(?:import|export)/m.test(String(files.get(path)))
  })
}

/** Puts other lines in the place of the one run of lines that the pattern matches. */
function replaceRun(
  text: string,
  pattern: RegExp,
  replacement: readonly string[],
  path: string,
): string {
  const [before, after, ...more] = text.split(pattern)
  if (after === undefined || more.length > 0) {
    throw new CliError(`${path} is not in the form that the Convex CLI writes.`, {
      fix: 'Make it again in the base layer: npm run codegen',
    })
  }
  return [before, ...replacement.map((line) => `${line}\n`), after].join('')
}
