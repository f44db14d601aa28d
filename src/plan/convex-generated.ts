import { CliError } from '../errors.ts'
import type { EnvVar } from '../layers/layer.ts'

/** The files of `convex/_generated` that depend on the layers. */
export const API_TYPES = 'convex/_generated/api.d.ts'
export const SERVER_TYPES = 'convex/_generated/server.d.ts'

const platformVariables = ['CONVEX_CLOUD_URL', 'CONVEX_SITE_URL']

type Contents = ReadonlyMap<string, string | Uint8Array>

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
    .toSorted(compareCodeUnits)
    .map((path) => path.slice('convex/'.length, path.lastIndexOf('.')))
  const imports = modules.map(
    (module) => `import type * as ${identifier(module)} from "../${module}.js";`,
  )
  const entries = modules.map((module) => `  ${propertyKey(module)}: typeof ${identifier(module)};`)
  const withImports = replaceRun(
    text,
    /(?:^import type \* as \w+ from "\.\.\/.*";\n)+/m,
    imports,
    API_TYPES,
  )
  return replaceRun(withImports, /(?:^ {2}(?:\w+|"[^"]+"): typeof \w+;\n)+/m, entries, API_TYPES)
}

/**
 * `server.d.ts` as the Convex CLI writes it when the app declares these
 * variables. Rule: convex 1.48, src/cli/codegen_templates/server.ts.
 *
 * @throws {CliError} when the text has another shape than the CLI's
 */
export function mergeServerTypes(text: string, env: readonly EnvVar[]): string {
  // The CLI prints what the deployment answers, and that keeps them sorted.
  const declared = env.toSorted((a, b) => compareCodeUnits(a.name, b.name))
  return replaceRun(
    text,
    /(?:^ {2}readonly [A-Z][A-Z0-9_]*: .*;\n)+/m,
    [...platformVariables.map((name) => ({ name })), ...declared].map(declaration),
    SERVER_TYPES,
  )
}

function declaration({ name, optional = false }: Pick<EnvVar, 'name' | 'optional'>): string {
  if (!optional) return `  readonly ${name}: string;`
  const line = `  readonly ${name}: string | undefined;`
  // Where prettier breaks it.
  return line.length <= 80 ? line : line.replace(': ', ':\n    ')
}

/** The variables that `server.d.ts` declares, without those that Convex sets itself. */
export function declaredVariables(types: string): Pick<EnvVar, 'name' | 'optional'>[] {
  const lines = types.matchAll(/^ {2}readonly ([A-Z][A-Z0-9_]*):\s+string( \| undefined)?;$/gm)
  return [...lines]
    .map(([, name = '', optional]) => ({ name, optional: optional !== undefined }))
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
  return paths.filter(
    (path) =>
      isEntryPoint(path) &&
      !components.some((folder) => path.startsWith(folder)) &&
      (!/\.tsx?$/.test(path) || isModule(String(files.get(path)))),
  )
}

function isEntryPoint(path: string): boolean {
  if (!/^convex\/.*\.(?:[cm]?[jt]s|[jt]sx)$/.test(path)) return false
  const base = path.slice(path.lastIndexOf('/') + 1)
  return !(
    path.startsWith('convex/_generated/') ||
    /^[.#]/.test(base) ||
    /^schema\.[jt]s$/.test(base) ||
    base.split('.').length > 2 ||
    path.includes(' ')
  )
}

const isModule = (text: string) => /^\s{0,100}(?:import|export)/m.test(text)

const compareCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const RESERVED = new Set(
  `fullApi api internal components break case catch class const continue
  debugger default delete do else export extends false finally for function if
  import in instanceof new null return super switch this throw true try typeof
  var void while with let static yield await enum implements interface package
  private protected public`.split(/\s+/),
)

function identifier(module: string): string {
  const name = module.replaceAll(/[/-]/g, '_')
  return RESERVED.has(name) ? `${name}_` : name
}

const propertyKey = (module: string) =>
  /^[A-Za-z_$][\w$]*$/.test(module) ? module : JSON.stringify(module)

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
