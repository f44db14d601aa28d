import type { RuntimeOptions, TemplateDelegate } from 'handlebars'
import { CliError } from '../errors.ts'

/** How templates are compiled, here and at build time: Markdown isn't HTML. */
export const TEMPLATE_OPTIONS = {
  strict: true,
  noEscape: true,
  knownHelpersOnly: true,
} as const

// A template sees the data's own properties, and nothing of JavaScript's.
const RUNTIME: RuntimeOptions = {
  allowProtoMethodsByDefault: false,
  allowProtoPropertiesByDefault: false,
}

interface Where {
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
  text: string,
  where: Where,
): Promise<(data: object) => string> {
  const { default: handlebars } = await import('handlebars')
  const instance = handlebars.create()
  try {
    instance.parse(text)
  } catch (cause) {
    throw templateError(where, cause)
  }
  return renderer(instance.compile(text, TEMPLATE_OPTIONS), where)
}

/** A compiled template as the function that a layer's file carries. */
export const renderer =
  (template: TemplateDelegate, where: Where) => (data: object) => {
    try {
      return template(data, RUNTIME)
    } catch (cause) {
      throw templateError(where, cause)
    }
  }

function templateError({ layer, path }: Where, cause: unknown): CliError {
  const message = cause instanceof Error ? cause.message : String(cause)
  const line = /line (\d+)|- (\d+):\d+$|on line (\d+)/.exec(message)
  const at = line ? `, line ${line[1] ?? line[2] ?? line[3]}` : ''
  return new CliError(
    `${path} of layer "${layer}"${at}: ${message.split('\n')[0]}`,
    { fix: 'CONTRIBUTING.md lists the names that a .hbs file can use.', cause },
  )
}
