import type { RuntimeOptions, TemplateDelegate } from 'handlebars'
import { CliError } from '../errors.ts'
import type { LayerFile } from './layer.ts'

/** How templates are compiled, here and at build time: Markdown isn't HTML. */
export const TEMPLATE_OPTIONS = {
  strict: true,
  noEscape: true,
  knownHelpersOnly: true,
  knownHelpers: { log: false },
} as const

// A template sees the data's own properties, and nothing of JavaScript's.
const RUNTIME: RuntimeOptions = {
  allowProtoMethodsByDefault: false,
  allowProtoPropertiesByDefault: false,
}

/** Where a file of a layer lands in the repository: `NAME.hbs` is rendered to `NAME`. */
export const outputPath = (source: string): string => source.replace(/\.hbs$/, '')

interface TemplateFile {
  readonly layer: string
  readonly path: string
}

/**
 * Compiles the text of a `.hbs` file; loads handlebars.
 *
 * @throws {CliError} that names layer, file and line; so does the answer, when a
 *   name isn't in its data
 */
export async function compileTemplate(
  text: LayerFile['content'],
  where: TemplateFile,
): Promise<(data: object) => string> {
  if (typeof text !== 'string') {
    throw new CliError(`${where.path} of layer "${where.layer}" is not text.`)
  }
  const { default: handlebars } = await import('handlebars')
  const instance = handlebars.create()
  // Would print to the terminal.
  instance.unregisterHelper('log')
  try {
    // `compile` waits with its errors for the first use.
    instance.precompile(requireEveryName(instance.parse(text)), TEMPLATE_OPTIONS)
    const program = requireEveryName(instance.parse(text))
    return renderer(instance.compile(program, TEMPLATE_OPTIONS), where)
  } catch (cause) {
    throw templateError(where, cause)
  }
}

/**
 * Makes strict mode reach the arguments of helpers: on its own, it takes a
 * mistyped name in `{{#if}}` or `{{#each}}` for one that is false.
 */
export function requireEveryName<Node extends object>(node: Node): Node {
  if ('type' in node && node.type === 'PathExpression') {
    Object.assign(node, { strict: true })
  }
  for (const child of Object.values(node)) {
    if (typeof child === 'object' && child !== null) requireEveryName(child)
  }
  return node
}

/** A compiled template as the function that a layer's file carries. */
export const renderer = (template: TemplateDelegate, where: TemplateFile) => (data: object) => {
  try {
    return template(data, RUNTIME)
  } catch (cause) {
    throw templateError(where, cause)
  }
}

type Rewording = readonly [pattern: RegExp, say: (match: string) => string]

// What handlebars 4.7 says, without what a reader of our message doesn't need.
const REWORDINGS: readonly Rewording[] = [
  [/^Parse error[^\n]*\n(.*)/, (near) => `can't be parsed near "${near}".`],
  [/^("[^"]*") not defined/, (name) => `there is no ${name}.`],
  [/^Cannot use 'in' .* for '(.*)' in/, (name) => `there is no "${name}".`],
  [/unknown helper (\S+)/, (name) => `there is no helper "${name}".`],
  [/^The partial (.*) could not be found/, (name) => `there is no partial "${name}".`],
]

function templateError({ layer, path }: TemplateFile, cause: unknown): CliError {
  const message = cause instanceof Error ? cause.message : String(cause)
  const line = /line (\d+)|- (\d+):\d+$/.exec(message)
  const at = line ? `, line ${line[1] ?? line[2]}` : ''
  const problem = REWORDINGS.map(([pattern, say]) => {
    const match = pattern.exec(message)?.[1]
    return match === undefined ? undefined : say(match)
  }).find((said) => said !== undefined)
  return new CliError(`${path} of layer "${layer}"${at}: ${problem ?? message}`, {
    fix: 'CONTRIBUTING.md lists the names that a .hbs file can use.',
    cause,
  })
}
