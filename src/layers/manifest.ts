import {
  findNodeAtLocation,
  parse,
  parseTree,
  printParseErrorCode,
  type ParseError,
} from 'jsonc-parser'
import * as v from 'valibot'
import { CliError } from '../errors.ts'
import type { Manifest } from './layer.ts'

const Path = v.pipe(
  v.string(),
  v.check(
    (path) =>
      !/^[/\\]|^[A-Za-z]:|\\/.test(path) &&
      path.split('/').every((part) => !['', '.', '..'].includes(part)),
    'is not a path inside the layer, like src/router.tsx',
  ),
)

const Line = v.pipe(
  v.string(),
  v.check((line) => !/[\r\n]/.test(line), 'has a line break: a slot holds lines'),
  v.check((line) => line.trim() !== '', 'is an empty line'),
)

const Name = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9-]*$/, 'is not a name in lower case, like my-layer'),
)

const Json = v.custom<Manifest['merge'] & object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'is not a JSON object',
)

const EnvVar = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9_]*$/, 'is not a variable name, like SITE_URL')),
  description: v.string(),
  from: v.optional(v.picklist(['secret', 'siteUrl'])),
  optional: v.optional(v.boolean()),
})

const partEntries = {
  slots: v.optional(v.record(Path, v.record(v.string(), v.union([Line, v.array(Line)])))),
  env: v.optional(v.array(EnvVar)),
  merge: v.optional(v.record(Path, Json)),
  oauthApp: v.optional(
    v.strictObject({
      url: v.pipe(v.string(), v.regex(/^https:\/\/\S+$/, 'is not an https address')),
      callback: v.pipe(
        v.string(),
        v.regex(/^\/(?!\/)\S+$/, 'is not a path of the site, like /api/x'),
      ),
    }),
  ),
}

const Paths = v.pipe(v.array(Path), v.minLength(1, 'is empty: leave it out'))

const Choice = v.strictObject({
  ...partEntries,
  title: v.string(),
  files: v.optional(Paths),
})

/** What `layer.json` may hold; `layer.schema.json` says the same to editors. */
export const ManifestSchema = v.strictObject({
  ...partEntries,
  $schema: v.optional(v.string()),
  name: Name,
  title: v.string(),
  description: v.string(),
  replaces: v.optional(Paths),
  removes: v.optional(Paths),
  ignore: v.optional(Paths),
  choices: v.optional(v.record(Name, Choice)),
})

/**
 * Reads a `layer.json` (JSON with comments and trailing commas).
 *
 * @param text - the file's content
 * @param where - the layer and the file, for messages
 * @throws {CliError} that names the layer, the file and the line
 */
export function parseManifest(
  text: string,
  where: { readonly layer: string; readonly file: string },
): Manifest {
  const errors: ParseError[] = []
  const value: unknown = parse(text, errors, { allowTrailingComma: true })
  const [error] = errors
  if (error) {
    const reason = printParseErrorCode(error.error)
      .replaceAll(/\B[A-Z]/g, ' $&')
      .toLowerCase()
    throw manifestError(where, lineAt(text, error.offset), `${reason}.`)
  }
  const result = v.safeParse(ManifestSchema, value)
  if (result.success) {
    const { $schema: _, ...manifest } = result.output
    return manifest as Manifest
  }
  const [issue] = result.issues
  const path = (issue.path ?? []).map((item) => item.key as string | number)
  throw manifestError(where, lineOf(text, path), describe(issue, path))
}

function manifestError(
  { layer, file }: { layer: string; file: string },
  line: number,
  problem: string,
): CliError {
  return new CliError(`${file} of layer "${layer}", line ${line}: ${problem}`, {
    fix: 'See CONTRIBUTING.md, "A layer", for what layer.json may hold.',
  })
}

function describe(issue: v.BaseIssue<unknown>, path: readonly (string | number)[]): string {
  const at = path.join('.') || 'the file'
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return `"${at}" is not a known field.`
  }
  if (issue.received === 'undefined') return `"${at}" is missing.`
  const own = ['check', 'regex', 'min_length', 'custom'].includes(issue.type)
  return own
    ? `"${at}" ${issue.message}.`
    : `"${at}" is ${issue.received}, expected ${issue.expected}.`
}

/** The line of a value; of a missing or unknown field, that of its nearest parent. */
export function lineOf(text: string, path: readonly (string | number)[]): number {
  const tree = parseTree(text, [], { allowTrailingComma: true })
  for (let length = path.length; tree && length >= 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length))
    if (node) return lineAt(text, node.offset)
  }
  return 1
}

const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length
