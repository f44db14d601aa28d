import { CliError } from '../errors.ts'
import type { Json, JsonObject } from '../layers/layer.ts'
import type { Plan } from './types.ts'

// How what two layers have at one path is merged, by its format.

/** A JSON file in the making: its value, and which layer set each path of it. */
export interface JsonDraft {
  readonly path: string
  readonly value: Record<string, Json>
  readonly setBy: Map<string, string>
}

/**
 * Starts a draft from a layer's file.
 *
 * @throws {CliError} when the text isn't a JSON object
 */
export function startDraft(path: string, text: string, layer: string): JsonDraft {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (cause) {
    const { message } = cause as Error
    throw new CliError(`${path} of layer "${layer}" is not JSON: ${message}.`, { cause })
  }
  if (!isObject(value)) throw new CliError(`${path} of layer "${layer}" is not a JSON object.`)
  const draft: JsonDraft = { path, value: {}, setBy: new Map() }
  mergeInto(draft, value, layer)
  return draft
}

/**
 * Merges a value into a draft, objects deeply; arrays and scalars must agree.
 *
 * @param object - the part of the draft that the value belongs to, and `at` the keys that lead there
 * @throws {CliError} when two layers disagree, naming both, the path and the values
 */
export function mergeInto(
  draft: JsonDraft,
  value: JsonObject,
  layer: string,
  object = draft.value,
  at: readonly string[] = [],
): void {
  for (const [key, added] of Object.entries(value)) {
    const path = [...at, key]
    const where = path.join('.')
    const present = Object.hasOwn(object, key) ? object[key] : undefined
    if (present === undefined) draft.setBy.set(where, layer)
    if (isObject(added) && (present === undefined || isObject(present))) {
      const inner = { ...present }
      object[key] = inner
      mergeInto(draft, added, layer, inner, path)
    } else if (present === undefined) {
      object[key] = added
    } else if (JSON.stringify(present) !== JSON.stringify(added)) {
      throw new CliError(
        `Two layers disagree on ${where} of ${draft.path}: "${draft.setBy.get(where)}" says ${JSON.stringify(present)}, "${layer}" says ${JSON.stringify(added)}.`,
        { fix: `Give both layers the same ${where}.` },
      )
    }
  }
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const SORTED = /^(?:.+D|d)ependencies$/

/** The value as prettier leaves `package.json`: dependencies sorted by name. */
export function printPackageJson(value: JsonObject): string {
  const sort = (key: string, inner: Json) =>
    SORTED.test(key) && isObject(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner
  return JSON.stringify(value, sort, 2)
}

/**
 * The value as prettier leaves `.json`: an array on one line where it fits into
 * 80 columns and holds no object.
 *
 * @param objects - `short`: on one line, too, where one fits and holds no other
 * @param used - the columns of the line that the key before and the comma behind take
 */
export function printJson(
  value: Json,
  objects: 'long' | 'short' = 'long',
  indent = '',
  used = 0,
): string {
  const flat = printFlat(value, objects)
  const isEmpty = typeof value !== 'object' || value === null || Object.keys(value).length === 0
  if (flat !== undefined && (isEmpty || used + flat.length <= 80)) return flat
  const inner = `${indent}  `
  const entries = Object.entries(value as JsonObject)
  const lines = entries.map(([key, child], index) => {
    const head = Array.isArray(value) ? inner : `${inner}${JSON.stringify(key)}: `
    const comma = index < entries.length - 1 ? ',' : ''
    return head + printJson(child, objects, inner, head.length + comma.length) + comma
  })
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return [open, ...lines, indent + close].join('\n')
}

/** On one line; undefined for what prettier never puts on one. */
function printFlat(value: Json, objects: 'long' | 'short'): string | undefined {
  if (isObject(value)) {
    const members = Object.entries(value)
    if (members.length === 0) return '{}'
    if (objects === 'long' || members.some(([, child]) => isObject(child))) return undefined
    const texts = members.map(
      ([key, child]) => `${JSON.stringify(key)}: ${printFlat(child, objects)}`,
    )
    return `{ ${texts.join(', ')} }`
  }
  if (!Array.isArray(value)) return JSON.stringify(value)
  const isMatrix =
    value.length > 1 && value.every((row: Json) => Array.isArray(row) && row.length > 1)
  const items = value.map((item: Json) => printFlat(item, objects))
  return isMatrix || items.includes(undefined) ? undefined : `[${items.join(', ')}]`
}

/** `.gitignore`: the lines of both, each once; new ones follow after a blank line. */
export function mergeIgnore(present: string, added: string): string {
  const known = new Set(present.split('\n').map((line) => line.trim()))
  const news = added.split('\n').filter((line) => line.trim() === '' || !known.has(line.trim()))
  const text = news
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
  return text === '' ? present : `${present.trimEnd()}\n\n${text}\n`
}

/**
 * `README.md`: a `## section` of the later text goes to the end of the section
 * with that heading, or, where there is none, before the last one: users write on at the end
 * of the file, and there the two would be in conflict.
 *
 * @throws {CliError} when there is text before the first section that would be lost
 */
export function mergeReadme(present: string, added: string, layer: string): string {
  const { intro, sections } = splitSections(added)
  if (!/^(?:# [^\n]*)?$/.test(intro.trim())) {
    throw new CliError(`README.md of layer "${layer}" has text before its first "## " heading.`, {
      fix: 'Move it into a section: only sections are merged.',
    })
  }
  const result = splitSections(present)
  for (const section of sections) {
    const same = result.sections.find((s) => s.heading === section.heading)
    if (same) same.body = `${same.body.trimEnd()}\n\n${section.body.trim()}`
    else result.sections.splice(Math.max(result.sections.length - 1, 1), 0, section)
  }
  const parts = [
    result.intro.trim(),
    ...result.sections.map((s) => `${s.heading}\n\n${s.body.trim()}`),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** How the text of a later layer follows in a file of an earlier one. */
export const textMerges: Readonly<
  Record<string, (present: string, added: string, layer: string) => string>
> = {
  '.gitignore': mergeIgnore,
  // The later text after a blank line.
  '.env.example': (present, added) => `${present.trimEnd()}\n\n${added.trim()}\n`,
  'README.md': mergeReadme,
}

interface Section {
  readonly heading: string
  body: string
}

/** Splits at `## ` headings, but not at a `## ` inside a fenced block. */
function splitSections(text: string): { intro: string; sections: Section[] } {
  let intro = ''
  let fenced = false
  const sections: Section[] = []
  for (const line of text.split('\n')) {
    if (/^(?:```|~~~)/.test(line)) fenced = !fenced
    const section = sections.at(-1)
    if (!fenced && line.startsWith('## ')) {
      sections.push({ heading: line.trim(), body: '' })
    } else if (section) section.body += `${line}\n`
    else intro += `${line}\n`
  }
  return { intro, sections }
}

type Join = (present: string, planned: string) => string

/** What a repository often has from its first day, and what the app's text adds to it. */
const JOINS: Readonly<Record<string, Join>> = {
  'README.md': (present, planned) => `${present}\n\n${planned.replace(/^# [^\n]*\n+/, '')}`,
  '.gitignore': mergeIgnore,
  '.gitattributes': mergeIgnore,
}

/** The files that may be there, in a repository that was just cloned. */
export const joinedPaths: readonly string[] = Object.keys(JOINS)

/**
 * The plan for a folder that has some of its files: what is in them stays, to the letter,
 * and the planned text follows; in `.gitattributes`, where it has its place.
 *
 * @param present - path → what is there, of `joinedPaths`
 */
export function joinPresent(plan: Plan, present: ReadonlyMap<string, string>): Plan {
  const joined = new Map(plan)
  for (const [path, text] of present) {
    const file = plan.get(path)
    const join = JOINS[path]
    if (!file || !join) continue
    const planned = String(file.content)
    const start = text.trimEnd()
    const news = join(start, planned).slice(start.length)
    const added = text.includes('\r\n') ? news.replaceAll('\n', '\r\n') : news
    const isRules = path === '.gitattributes' && start !== ''
    const whole = isRules ? insertRules(text, added.trim()) : start === '' ? planned : start + added
    joined.set(path, { ...file, content: added === '' ? text : whole, present: text })
  }
  return joined
}

/**
 * The last rule for a file wins: ours for all files come behind those of the user for all,
 * and in front of those for some.
 */
function insertRules(text: string, rules: string): string {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  const [general] = [...text.matchAll(/^\*[ \t].*/gm)].slice(-1)
  const mark = text.startsWith('\ufeff') ? 1 : 0
  const at = general ? general.index + general[0].length : mark
  const added = general ? lineEnd + rules : rules + lineEnd
  return text.slice(0, at) + added + text.slice(at)
}
