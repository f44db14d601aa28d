import { CliError } from '../errors.ts'
import type { EnvVar } from '../layers/layer.ts'

/**
 * `convex/_generated/api.d.ts` as the Convex CLI writes it when the repository
 * has these further modules. Rules: convex 1.48, src/bundler/index.ts and
 * src/cli/codegen_templates/api.ts.
 *
 * @param text - what the CLI wrote for the base layer
 * @param paths - every path of the plan
 * @throws {CliError} when the text has another shape than the CLI's
 */
export function mergeApiTypes(text: string, paths: Iterable<string>): string {
  const modules = [...paths].flatMap(modulePath).toSorted(compareCodeUnits)
  const imports = modules.map(
    (module) =>
      `import type * as ${identifier(module)} from "../${module}.js";`,
  )
  const entries = modules.map(
    (module) => `  ${propertyKey(module)}: typeof ${identifier(module)};`,
  )
  const withImports = replaceRun(
    text,
    /^import type \* as \w+ from "\.\.\/.*";$/,
    imports,
    'convex/_generated/api.d.ts',
  )
  return replaceRun(
    withImports,
    /^ {2}(?:\w+|"[^"]+"): typeof \w+;$/,
    entries,
    'convex/_generated/api.d.ts',
  )
}

/**
 * `convex/_generated/server.d.ts` as the Convex CLI writes it when the app
 * declares these variables. Rule: convex 1.48, src/cli/codegen_templates/server.ts.
 *
 * @throws {CliError} when the text has another shape than the CLI's
 */
export function mergeServerTypes(text: string, env: readonly EnvVar[]): string {
  const platform = ['CONVEX_CLOUD_URL', 'CONVEX_SITE_URL']
  const declared = env.map(
    ({ name, optional }) => `${name}: string${optional ? ' | undefined' : ''}`,
  )
  const lines = [...platform.map((name) => `${name}: string`), ...declared]
  return replaceRun(
    text,
    /^ {2}readonly [A-Z][A-Z0-9_]*: .*;$/,
    lines.map((line) => `  readonly ${line};`),
    'convex/_generated/server.d.ts',
  )
}

/** A path of the plan as a module of the deployment: `convex/a/b.ts` is `a/b`. */
function modulePath(path: string): string[] {
  if (!/^convex\/.*\.[cm]?[jt]sx?$/.test(path)) return []
  const relative = path.slice('convex/'.length)
  const base = relative.slice(relative.lastIndexOf('/') + 1)
  const skipped =
    relative.startsWith('_generated/') ||
    /^[.#]/.test(base) ||
    relative.includes(' ') ||
    base.split('.').length > 2 ||
    /^schema\.[jt]s$/.test(base)
  return skipped ? [] : [relative.slice(0, relative.lastIndexOf('.'))]
}

const compareCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const identifier = (module: string) => module.replaceAll(/[/-]/g, '_')

const propertyKey = (module: string) =>
  /^[A-Za-z_$][\w$]*$/.test(module) ? module : JSON.stringify(module)

/** Puts other lines in the place of the one run of lines that the pattern matches. */
function replaceRun(
  text: string,
  pattern: RegExp,
  replacement: readonly string[],
  path: string,
): string {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => pattern.test(line))
  const length = lines.slice(start).findIndex((line) => !pattern.test(line))
  const rest = lines.slice(start + length)
  if (start < 0 || rest.some((line) => pattern.test(line))) {
    throw new CliError(
      `${path} is not in the form that the Convex CLI writes.`,
      {
        fix: 'Make it again in the base layer: npm run codegen',
      },
    )
  }
  return [...lines.slice(0, start), ...replacement, ...rest].join('\n')
}
