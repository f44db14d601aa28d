import type { Json, JsonObject } from '../../../src/layers/layer.ts'

/** As much of JSON Schema (draft 7) as `layer.schema.json` uses. */
export interface Schema {
  readonly $ref?: string
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly type?: 'string' | 'boolean' | 'array' | 'object'
  readonly enum?: readonly Json[]
  readonly pattern?: string
  readonly minLength?: number
  readonly minItems?: number
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly propertyNames?: Schema
  readonly additionalProperties?: Schema | false
  readonly definitions?: Readonly<Record<string, Schema>>
}

/** Whether a value is what a schema describes. */
export function matches(schema: Schema, value: Json, root = schema): boolean {
  const all = (inner: Schema | undefined, child: Json) =>
    inner === undefined || matches(inner, child, root)
  return (
    all(definition(schema.$ref, root), value) &&
    (schema.allOf ?? []).every((part) => all(part, value)) &&
    (!schema.anyOf || schema.anyOf.some((part) => all(part, value))) &&
    (schema.type === undefined || schema.type === typeOf(value)) &&
    (schema.enum?.includes(value) ?? true) &&
    (typeof value !== 'string' || matchesString(schema, value)) &&
    (!Array.isArray(value) ||
      (value.length >= (schema.minItems ?? 0) &&
        value.every((item: Json) => all(schema.items, item)))) &&
    (typeOf(value) !== 'object' || matchesObject(schema, value as JsonObject, all))
  )
}

const definition = (ref: string | undefined, root: Schema) =>
  ref === undefined ? undefined : root.definitions?.[ref.replace('#/definitions/', '')]

const typeOf = (value: Json) =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

const matchesString = ({ minLength = 0, pattern = '' }: Schema, value: string) =>
  value.length >= minLength && new RegExp(pattern, 'u').test(value)

function matchesObject(
  { required = [], properties = {}, propertyNames, additionalProperties }: Schema,
  value: JsonObject,
  all: (schema: Schema | undefined, child: Json) => boolean,
): boolean {
  return (
    required.every((key) => key in value) &&
    Object.entries(value).every(([key, child]) => {
      if (!all(propertyNames, key)) return false
      if (Object.hasOwn(properties, key)) return all(properties[key], child)
      return additionalProperties !== false && all(additionalProperties, child)
    })
  )
}
