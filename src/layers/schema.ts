import * as v from 'valibot'
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

const described = <const S extends v.GenericSchema>(schema: S, text: string) =>
  v.pipe(schema, v.description(text))

const paths = (text: string) =>
  v.exactOptional(described(v.pipe(v.array(Path), v.minLength(1, 'is empty: leave it out')), text))

const EnvVarSchema = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9_]*$/, 'is not a variable name, like SITE_URL')),
  description: described(v.string(), 'One sentence, for the README and .env.example'),
  from: v.exactOptional(
    described(
      v.picklist(['secret', 'siteUrl']),
      'Where its value comes from; otherwise the user is asked',
    ),
  ),
  optional: v.exactOptional(described(v.boolean(), 'The app runs without it')),
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

const SlotLinesSchema = v.union([Line, v.array(Line)])

const partEntries = {
  slots: v.exactOptional(
    described(
      v.record(Path, v.record(v.string(), SlotLinesSchema)),
      'File → slot → the line, or lines, that go there',
    ),
  ),
  env: v.exactOptional(
    described(v.array(EnvVarSchema), 'Variables of the Convex deployment that the app reads'),
  ),
  merge: v.exactOptional(
    described(v.record(Path, ObjectSchema), 'JSON file → value that is merged into it'),
  ),
  oauthApp: v.exactOptional(
    described(OAuthAppSchema, 'An app that the user registers with a provider'),
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
  name: described(Name, 'In lower case; unique among the layers of a repository'),
  title: v.string(),
  description: v.string(),
  replaces: paths("Paths of earlier layers that this layer's files take the place of"),
  removes: paths('Paths of earlier layers that this layer takes out, with nothing in their place'),
  ignore: paths('Files that serve only where the layer stands, and are never in the output'),
  choices: v.exactOptional(
    described(v.record(Name, ChoiceSchema), 'Parts of the layer that can be taken alone'),
  ),
})

/** One line of code, or several that each stand alone; a slot never holds a block. */
export type SlotLines = v.InferOutput<typeof SlotLinesSchema>

/** A variable of the Convex deployment that the generated app reads. */
export type EnvVar = Readonly<v.InferOutput<typeof EnvVarSchema>>

/** An app that the user registers with an OAuth provider. */
export type OAuthApp = Readonly<v.InferOutput<typeof OAuthAppSchema>>

/** What a layer, or one choice of it, brings. */
export type Part = Readonly<v.InferOutput<typeof PartSchema>>

/** A part of a layer that can be taken alone. */
export type Choice = Readonly<v.InferOutput<typeof ChoiceSchema>>

/** `layer.json`, validated. */
export type Manifest = Readonly<Omit<v.InferOutput<typeof ManifestSchema>, '$schema'>>
