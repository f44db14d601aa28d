import {
  applyEdits,
  findNodeAtLocation,
  modify,
  parse,
  parseTree,
  stripComments,
} from 'jsonc-parser'
import type { FormattingOptions, JSONPath, ParseError } from 'jsonc-parser'
import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '../layers/layer.ts'
import { isObject } from '../plan/formats.ts'
import type { TemplateManifests } from './manifest.ts'
import type { TextMerge3 } from './types.ts'

/** A value that both sides changed, each in its own way; undefined where it isn't there. */
interface ValueConflict {
  readonly path: JSONPath
  readonly base: Json | undefined
  readonly theirs: Json | undefined
}

interface JsonMerge {
  /** What is done to the user's text. */
  readonly edits: { readonly path: JSONPath; readonly value: Json | undefined }[]
  readonly conflicts: ValueConflict[]
  readonly notes: string[]
  /** Keys of the template's objects, in their order. */
  readonly theirs: JsonObject
}

/**
 * Merges JSON by its values: the user's text stays as it is formatted and
 * ordered, and the template's changes are made in it. A key that the user took
 * out stays out, and one that they changed stays where the template drops it.
 *
 * @param align - changes the template's sides, by what the user has
 * @returns nothing when one of the three is no JSON object, or the user's has a key twice, or a
 *   comment in a value that is replaced
 */
export function mergeJsonTexts(
  base: string,
  ours: string,
  theirs: string,
  align: (ours: JsonObject, sides: TemplateManifests) => TemplateManifests = (_, sides) => sides,
): TextMerge3 | undefined {
  const [b, o, t] = [base, ours, theirs].map(parsed)
  if (!b || !o || !t) return undefined
  const sides = align(o, { base: b, theirs: t })
  const merge: JsonMerge = { edits: [], conflicts: [], notes: [], theirs: sides.theirs }
  mergeObject(merge, [], sides.base, o, sides.theirs)
  const edit = (text: string, path: JSONPath, value: Json | undefined) =>
    setValue(text, path, value, sides.theirs)
  const merged = merge.edits.reduce((text, { path, value }) => edit(text, path, value), ours)
  if (!merge.edits.every(({ path, value }) => isThere(merged, path, value))) return undefined
  if (merge.edits.some(({ path }) => hasComment(ours, path))) return undefined
  const { conflicts, notes } = merge
  if (conflicts.length === 0) return { result: merged, notes }
  const side = (of: 'base' | 'theirs') =>
    conflicts.reduce((text, conflict) => edit(text, conflict.path, conflict[of]), merged)
  return { result: { base: side('base'), ours: merged, theirs: side('theirs') }, notes }
}

function parsed(text: string): JsonObject | undefined {
  const errors: ParseError[] = []
  const value = parse(text, errors, { allowTrailingComma: true }) as Json
  return errors.length === 0 && isObject(value) ? value : undefined
}

/** An edit is made where a key stands first, and of a key that stands twice the last one counts. */
const isThere = (text: string, path: JSONPath, value: Json | undefined) =>
  isDeepStrictEqual(valueAt(parsed(text), path), value)

/** A value that is replaced would take them along; git has them as lines. */
function hasComment(text: string, path: JSONPath): boolean {
  const root = parseTree(text, [], { allowTrailingComma: true })
  const node = root && findNodeAtLocation(root, path)
  if (!node) return false
  const value = text.slice(node.offset, node.offset + node.length)
  return stripComments(value) !== value
}

function mergeObject(
  merge: JsonMerge,
  at: JSONPath,
  base: JsonObject,
  ours: JsonObject,
  theirs: JsonObject,
): void {
  const keys = new Set([...Object.keys(theirs), ...Object.keys(base)])
  for (const key of keys) {
    const [b, o, t] = [base, ours, theirs].map((side) =>
      Object.hasOwn(side, key) ? side[key] : undefined,
    )
    mergeValue(merge, [...at, key], b, o, t)
  }
}

function mergeValue(
  merge: JsonMerge,
  path: JSONPath,
  base: Json | undefined,
  ours: Json | undefined,
  theirs: Json | undefined,
): void {
  const isSame = isDeepStrictEqual
  if (isSame(base, theirs) || isSame(ours, theirs)) return
  // Key by key, whatever order and comments the user's has.
  if (isObject(base) && isObject(ours) && isObject(theirs)) {
    return mergeObject(merge, path, base, ours, theirs)
  }
  if (isSame(base, ours)) return void merge.edits.push({ path, value: theirs })
  if (ours === undefined)
    return void merge.notes.push(`${path.join('.')} stays out, as you have it.`)
  if (isObject(ours) && (isObject(theirs) || theirs === undefined)) {
    return mergeObject(merge, path, isObject(base) ? base : {}, ours, theirs ?? {})
  }
  const list = mergeList(base, ours, theirs)
  if (list) return void merge.edits.push({ path, value: list })
  if (theirs === undefined) return void merge.notes.push(`${path.join('.')} stays as you have it.`)
  merge.conflicts.push({ path, base, theirs })
}

/** Lists of plain values: what the template adds comes in, and what it drops goes. */
function mergeList(
  base: Json | undefined,
  ours: Json,
  theirs: Json | undefined,
): readonly Json[] | undefined {
  const lists = [base ?? [], ours, theirs ?? []]
  if (!lists.every((list) => Array.isArray(list) && list.every((item: Json) => isPlain(item)))) {
    return undefined
  }
  const [before, mine, after] = lists as unknown as [Json[], Json[], Json[]]
  const added = after.filter((item) => !before.includes(item) && !mine.includes(item))
  return [...mine.filter((item) => !before.includes(item) || after.includes(item)), ...added]
}

const isPlain = (value: Json) => typeof value !== 'object' || value === null

/** The text with a value put in, changed or (undefined) taken out. */
function setValue(
  text: string,
  path: JSONPath,
  value: Json | undefined,
  theirs: JsonObject,
): string {
  const key = String(path.at(-1))
  const above = valueAt(theirs, path.slice(0, -1))
  const order = isObject(above) ? Object.keys(above) : []
  return applyEdits(
    text,
    modify(text, path, value, {
      // What is all on one line stays there.
      ...(text.trim().includes('\n') && { formattingOptions: formatOf(text) }),
      getInsertionIndex: (present) => placeFor(key, present, order),
    }),
  )
}

function valueAt(value: Json | undefined, [key, ...rest]: JSONPath): Json | undefined {
  if (key === undefined) return value
  return isObject(value) ? valueAt(value[key], rest) : undefined
}

const isSorted = (keys: readonly string[]) =>
  keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') < key)

/**
 * Where a new key goes: by the alphabet where all are sorted, as dependencies
 * are, else behind the key that it follows in the template.
 */
function placeFor(key: string, present: readonly string[], order: readonly string[]): number {
  if (isSorted(order) && isSorted(present)) {
    const next = present.findIndex((other) => other > key)
    return next < 0 ? present.length : next
  }
  const before = order.slice(0, order.indexOf(key))
  const after = before.findLast((other) => present.includes(other))
  return after === undefined ? (before.length > 0 ? present.length : 0) : present.indexOf(after) + 1
}

/** How the text is indented, and its line ends. */
function formatOf(text: string): FormattingOptions {
  const [, indent = '  '] = /^([ \t]+)\S/m.exec(text) ?? []
  const insertSpaces = !indent.includes('\t')
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  return { insertSpaces, tabSize: insertSpaces ? indent.length : 1, eol, keepLines: true }
}
