import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toJsonSchema } from '@valibot/to-json-schema'
import { format } from 'prettier'
import { ManifestSchema, ObjectSchema } from '../src/layers/schema.ts'

const file = join(import.meta.dirname, '../layer.schema.json')

/** The text of `layer.schema.json`, for editors, from the schema that layers are checked by. */
export async function layerSchema(): Promise<string> {
  const schema = toJsonSchema(ManifestSchema, {
    overrideSchema: ({ valibotSchema }) =>
      valibotSchema === ObjectSchema ? { type: 'object' } : undefined,
  })
  const title = 'A layer of create-start-convex-auth'
  const description = 'layer.json, beside the files that the layer brings'
  const text = JSON.stringify({ $schema: schema.$schema, title, description, ...schema })
  return format(text, { parser: 'json', printWidth: 100 })
}

/** The file as it is. */
export const currentSchema = (): string => readFileSync(file, 'utf8')

if (process.argv[1] === import.meta.filename) writeFileSync(file, await layerSchema())
