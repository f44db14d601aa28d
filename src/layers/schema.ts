import {
  findNodeAtLocation,
  parse,
  parseTree,
  printParseErrorCode,
  type ParseError,
} from 'jsonc-parser'
import * as v from 'valibot'
import { CliError } from '../errors.ts'
import type { JsonObject } from './layer.ts'

// One source for the types, what a layer.json is checked by, and layer.schema.json.

const Path = v.pipe(
  v.string(),
  v.regex(
    /^(?!\/)(?![A-Za-z]:)(?!(?:.*\/)?\.{0,2}(?:\/|$))[^\\]+$/,
    'is not a path inside the layer, like src/router.tsx',
  ),
  v.description('Relative, with forward slashes'),
)

const Line = v.pipe(
  v.string(),
  v.regex(/^[^\r\n]*\S[^\r\n]*$/, ({ input }) =>
    /[\r\n]/.test(input) ? 'has a line break: a slot holds lines' : 'is an empty line',
  ),
)

const Name = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9-]*$/, 'is not a name in lower case, like my-layer'),
)

/** A value of JSON that is an object; as JSON Schema it is just that. */
export const ObjectSchema = v.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'is not a JSON object',
)

const paths = (text: string) =>
  v.exactOptional(
    v.pipe(v.array(Path), v.minLength(1, 'is empty: leave it out'), v.description(text)),
  )

const EnvVarSchema = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9_]*$/, 'is not a variable name, like SITE_URL')),
  description: v.pipe(v.string(), v.description('One sentence, for the README and .env.example')),
  from: v.exactOptional(
    v.pipe(
      v.picklist(['secret', 'siteUrl']),
      v.description('Where its value comes from; otherwise the user is asked'),
    ),
  ),
  optional: v.exactOptional(
    v.pipe(
      v.union([v.boolean(), v.literal('local')]),
      v.description('The app runs without it; with "local", on its author\'s machine alone'),
    ),
  ),
})

const OAuthAppSchema = v.strictObject({
  url: v.pipe(
    v.string(),
    v.regex(/^https:\/\/\S+$/, 'is not an https address'),
    v.description('Where it is registered'),
  ),
  callback: v.pipe(
    v.string(),
    v.regex(/^\/(?!\/)\S+$/, 'is not a path of the site, like /api/x'),
    v.description('Path of the callback on the site'),
  ),
})

const ServiceSchema = v.strictObject({
  url: v.pipe(
    v.string(),
    v.regex(/^https:\/\/\S+$/, 'is not an https address'),
    v.description('Where its key is made'),
  ),
})

const SlotLinesSchema = v.union([Line, v.array(Line)])

const partEntries = {
  slots: v.exactOptional(
    v.pipe(
      v.record(Path, v.record(v.string(), SlotLinesSchema)),
      v.description('File → slot → the line, or lines, that go there'),
    ),
  ),
  env: v.exactOptional(
    v.pipe(
      v.array(EnvVarSchema),
      v.description('Variables of the Convex deployment that the app reads'),
    ),
  ),
  merge: v.exactOptional(
    v.pipe(v.record(Path, ObjectSchema), v.description('JSON file → value that is merged into it')),
  ),
  components: v.exactOptional(
    v.pipe(
      v.record(
        v.pipe(v.string(), v.regex(/^[A-Za-z]\w*$/, 'is not the name of a component, like resend')),
        v.pipe(v.string(), v.regex(/^(?:@[\w.-]+\/)?[\w.-]+$/, 'is not the name of a package')),
      ),
      v.description('Convex components that a slot of convex.config.ts uses: name → package'),
    ),
  ),
  oauthApp: v.exactOptional(
    v.pipe(OAuthAppSchema, v.description('An app that the user registers with a provider')),
  ),
  service: v.exactOptional(
    v.pipe(
      ServiceSchema,
      v.description('A service that the app uses with a key of the user, one of `env`'),
    ),
  ),
}

const PartSchema = v.strictObject(partEntries)

const ChoiceSchema = v.strictObject({
  ...partEntries,
  title: v.string(),
  files: paths('Files of the layer that are there only with this choice'),
})

/** What `layer.json` may hold. */
export const ManifestSchema = v.strictObject({
  ...partEntries,
  $schema: v.exactOptional(v.string()),
  name: v.pipe(Name, v.description('In lower case; unique among the layers of a repository')),
  title: v.string(),
  description: v.string(),
  replaces: paths("Paths of earlier layers that this layer's files take the place of"),
  removes: paths('Paths of earlier layers that this layer takes out, with nothing in their place'),
  ignore: paths('Files that serve only where the layer stands, and are never in the output'),
  choices: v.exactOptional(
    v.pipe(
      v.record(Name, ChoiceSchema),
      v.description('Parts of the layer that can be taken alone'),
    ),
  ),
})

/** One line of code, or several that each stand alone; a slot never holds a block. */
export type SlotLines = v.InferOutput<typeof SlotLinesSchema>

/** A variable of the Convex deployment that the generated app reads. */
export type EnvVar = Readonly<v.InferOutput<typeof EnvVarSchema>>

/** An app that the user registers with an OAuth provider. */
export type OAuthApp = Readonly<v.InferOutput<typeof OAuthAppSchema>>

/** A service that the app uses with a key of the user. */
export type Service = Readonly<v.InferOutput<typeof ServiceSchema>>

/** What a layer, or one choice of it, brings. */
export type Part = Readonly<v.InferOutput<typeof PartSchema>>

/** A part of a layer that can be taken alone. */
export type Choice = Readonly<v.InferOutput<typeof ChoiceSchema>>

/** `layer.json`, validated. */
export type Manifest = Readonly<Omit<v.InferOutput<typeof ManifestSchema>, '$schema'>>

interface ManifestPlace {
  readonly layer: string
  readonly file: string
  /** The layers whose names it can't have, nor those of their choices. */
  readonly builtin?: readonly { readonly manifest: Manifest }[]
}

/**
 * Reads a `layer.json` (JSON with comments and trailing commas).
 *
 * @param text - the file's content
 * @param place - the layer and the file, for messages
 * @throws {CliError} that names the layer, the file and the line
 */
export function parseManifest(
  text: string,
  { layer, file, builtin = [] }: ManifestPlace,
): Manifest {
  const refusal = (
    line: number,
    problem: string,
    fix = 'docs/layers.md of create-start-convex-auth says what layer.json may hold.',
  ) => new CliError(`${file} of layer "${layer}", line ${line}: ${problem}`, { fix })
  const errors: ParseError[] = []
  const value: unknown = parse(text, errors, { allowTrailingComma: true })
  const [error] = errors
  if (error) {
    const words = printParseErrorCode(error.error).replaceAll(/\B[A-Z]/g, ' $&')
    const line = text.slice(0, error.offset).split('\n').length
    throw refusal(line, `${words.toLowerCase()}.`)
  }
  const result = v.safeParse(ManifestSchema, value)
  if (!result.success) {
    const [issue] = result.issues
    const path = (issue.path ?? []).map((item) => item.key as string | number)
    throw refusal(lineOf(text, path), describe(issue, path))
  }
  const { $schema: _, ...manifest } = result.output
  const namesOf = ({ name, choices }: Manifest) => [name, ...Object.keys(choices ?? {})]
  const taken = builtin.flatMap((other) => namesOf(other.manifest))
  const names = namesOf(manifest)
  const index = names.findIndex((name) => taken.includes(name))
  if (index >= 0) {
    const [at, what] = index > 0 ? [['choices', names[index] ?? ''], 'choice'] : [['name'], 'layer']
    const problem = `create-start-convex-auth has something named "${names[index]}" itself.`
    throw refusal(lineOf(text, at), problem, `Give the ${what} another name.`)
  }
  return manifest
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
    if (node) return text.slice(0, node.offset).split('\n').length
  }
  return 1
}
