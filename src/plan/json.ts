import { CliError } from '../errors.ts'
import type { Json, JsonObject } from '../layers/layer.ts'

/** A JSON file in the making: its value, and which layer set each path of it. */
export interface JsonDraft {
  readonly path: string
  readonly value: JsonObject
  readonly setBy: ReadonlyMap<string, string>
}

/**
 * Starts a draft from a layer's file.
 *
 * @throws {CliError} when the text isn't a JSON object
 */
export function startDraft(path: string, text: string, layer: string): JsonDraft {
  const value = parseObject(path, text, layer)
  const empty: JsonDraft = { path, value: {}, setBy: new Map() }
  return mergeInto(empty, value, layer)
}

/**
 * Merges a value into a draft, objects deeply; arrays and scalars must agree.
 *
 * @throws {CliError} when two layers disagree, naming both, the path and the values
 */
export function mergeInto(draft: JsonDraft, value: JsonObject, layer: string): JsonDraft {
  const setBy = new Map(draft.setBy)
  const merged = mergeObjects(draft.value, value, [], { draft, layer, setBy })
  return { ...draft, value: merged, setBy }
}

interface Merge {
  readonly draft: JsonDraft
  readonly layer: string
  readonly setBy: Map<string, string>
}

function mergeObjects(
  left: JsonObject,
  right: JsonObject,
  at: readonly string[],
  merge: Merge,
): JsonObject {
  const result: Record<string, Json> = { ...left }
  for (const [key, value] of Object.entries(right)) {
    const path = [...at, key]
    const present = Object.hasOwn(left, key) ? left[key] : undefined
    if (isObject(value) && (present === undefined || isObject(present))) {
      result[key] = mergeObjects(present ?? {}, value, path, merge)
    } else {
      if (present !== undefined) requireSame(present, value, path, merge)
      result[key] = value
    }
    if (present === undefined) merge.setBy.set(path.join('.'), merge.layer)
  }
  return result
}

function requireSame(
  present: Json,
  value: Json,
  path: readonly string[],
  { draft, layer, setBy }: Merge,
): void {
  if (JSON.stringify(present) === JSON.stringify(value)) return
  const where = path.join('.')
  throw new CliError(
    `Two layers disagree on ${where} of ${draft.path}: "${setBy.get(where)}" says ${JSON.stringify(present)}, "${layer}" says ${JSON.stringify(value)}.`,
    { fix: `Give both layers the same ${where}.` },
  )
}

export function parseObject(path: string, text: string, layer: string): JsonObject {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CliError(`${path} of layer "${layer}" is not JSON: ${reason}.`, {
      cause,
    })
  }
  if (isObject(value)) return value
  throw new CliError(`${path} of layer "${layer}" is not a JSON object.`)
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const SORTED = /^(?:.+D|d)ependencies$/

/** The value as a file, as prettier leaves `package.json`: dependencies sorted by name. */
export const printPackageJson = (value: JsonObject): string =>
  `${JSON.stringify(
    value,
    (key, inner: Json) => (SORTED.test(key) && isObject(inner) ? sortKeys(inner) : inner),
    2,
  )}\n`

const sortKeys = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))

/**
 * The value as a file, as prettier leaves `.json`: an array on one line where it
 * fits into 80 columns and holds no object.
 */
export const printJson = (value: Json): string => `${printValue(value, '', 0)}\n`

/** `used`: the columns of the line that the key before and the comma behind take. */
function printValue(value: Json, indent: string, used: number): string {
  const inner = `${indent}  `
  if (isObject(value)) {
    const entries = Object.entries(value)
    const lines = entries.map(([key, child], index) => {
      const head = `${inner}${JSON.stringify(key)}: `
      const comma = index < entries.length - 1 ? ',' : ''
      return head + printValue(child, inner, head.length + comma.length) + comma
    })
    return bracket('{', lines, indent, '}')
  }
  if (!Array.isArray(value)) return JSON.stringify(value)
  const flat = printFlat(value)
  if (flat !== undefined && used + flat.length <= 80) return flat
  const lines = value.map((child: Json, index) => {
    const comma = index < value.length - 1 ? ',' : ''
    return inner + printValue(child, inner, inner.length + comma.length) + comma
  })
  return bracket('[', lines, indent, ']')
}

const bracket = (open: string, lines: readonly string[], indent: string, close: string) =>
  (lines.length === 0 ? open : [open, ...lines, indent].join('\n')) + close

/** On one line; undefined for what prettier never puts on one. */
function printFlat(value: Json): string | undefined {
  if (isObject(value)) return Object.keys(value).length === 0 ? '{}' : undefined
  if (!Array.isArray(value)) return JSON.stringify(value)
  const isMatrix =
    value.length > 1 && value.every((row: Json) => Array.isArray(row) && row.length > 1)
  const items = value.map(printFlat)
  return isMatrix || items.includes(undefined) ? undefined : `[${items.join(', ')}]`
}
