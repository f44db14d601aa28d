import { CliError } from '../errors.ts'
import { outputPath } from '../layers/paths.ts'
import type { Choice, Layer, SelectedLayer } from '../layers/layer.ts'
import {
  API_TYPES,
  convexModules,
  mergeApiTypes,
  mergeServerTypes,
  SERVER_TYPES,
} from './convex-generated.ts'
import { partsOf, placeIn, templateData, type TakenPart } from './data.ts'
import {
  mergeInto,
  parseObject,
  printJson,
  printPackageJson,
  startDraft,
  type JsonDraft,
} from './json.ts'
import { nearestFirst } from '../nearest.ts'
import { requireDistinctPaths } from './paths.ts'
import { fillSlots, type Fill } from './slots.ts'
import { mergeEnvExample, mergeIgnore, mergeReadme } from './text.ts'
import type { Plan, PlanInput, PlannedFile, TemplateData } from './types.ts'

/**
 * Lays the layers over each other, in their order, and answers the repository.
 *
 * @param data - of the same layers and input
 * @throws {CliError} when layers contradict each other: two owners of a path, a
 *   `replaces`, `removes` or a slot that matches nothing, JSON values that disagree,
 *   an unknown choice, two paths that can't both exist
 */
export function makePlan(
  selected: readonly SelectedLayer[],
  input: PlanInput,
  data = templateData(selected, input),
): Plan {
  requireDistinctNames(selected)
  const drafts: Drafts = { files: new Map(), removers: new Map() }
  for (const layer of selected) layFiles(drafts, layer, data)
  requireDistinctPaths([...drafts.files.keys()])
  const parts = partsOf(selected)
  for (const part of parts) mergeJson(drafts, part)
  fillAllSlots(drafts, parts)
  mergeGenerated(drafts, data, parts)
  const plan = new Map<string, PlannedFile>()
  for (const path of [...drafts.files.keys()].toSorted()) {
    plan.set(path, planned(path, drafts.files.get(path) as Draft))
  }
  return plan
}

function requireDistinctNames(selected: readonly SelectedLayer[]): void {
  const sources = new Map<string, string>()
  for (const { layer } of selected) {
    const other = sources.get(layer.name)
    if (other !== undefined) {
      throw new CliError(
        `Two layers are named "${layer.name}": from ${other} and from ${layer.source}.`,
        { fix: 'Take one of them, or give it another name in its layer.json.' },
      )
    }
    sources.set(layer.name, layer.source)
  }
}

/** A file in the making. `json` is set while layers still merge into it. */
interface Draft {
  readonly content: string | Uint8Array
  readonly json?: JsonDraft
  readonly executable: boolean
  readonly from: readonly string[]
}

/** A repository in the making. */
interface Drafts {
  readonly files: Map<string, Draft>
  /** Path of a file that is gone → the layer that removed it. */
  readonly removers: Map<string, string>
}

function layFiles(drafts: Drafts, selected: SelectedLayer, data: TemplateData): void {
  const { layer, choices } = selected
  requireKnownChoices(selected)
  requireEarlierFiles(drafts, layer, 'replaces')
  requireEarlierFiles(drafts, layer, 'removes')
  removeFiles(drafts, layer)
  const { replaces = [], choices: known = {} } = layer.manifest
  const others = filesOfOthers(known, choices)
  for (const [source, file] of layer.files) {
    if (others.has(source)) continue
    const path = outputPath(source)
    const { render, executable } = file
    const content = render ? render(data) : file.content
    const draft = { content, executable, from: [layer.name] }
    const present = drafts.files.get(path)
    drafts.files.set(
      path,
      !present || replaces.includes(path)
        ? first(path, draft, layer.name, data)
        : merge(path, present, draft, layer.name),
    )
  }
}

function requireKnownChoices({ layer, choices }: SelectedLayer): void {
  const known = layer.manifest.choices ?? {}
  const unknown = choices.find((choice) => !Object.hasOwn(known, choice))
  if (unknown === undefined) return
  const names = nearestFirst(unknown, Object.keys(known))
  throw new CliError(`Layer "${layer.name}" has no choice "${unknown}".`, {
    fix: `Its choices are: ${names.join(', ') || '(none)'}.`,
  })
}

function requireEarlierFiles(drafts: Drafts, layer: Layer, field: 'replaces' | 'removes'): void {
  for (const [index, path] of (layer.manifest[field] ?? []).entries()) {
    if (drafts.files.has(path)) continue
    const place = placeIn(layer, [field, index])
    const why = removal(drafts, path) ?? 'which no earlier layer has'
    throw new CliError(`${place} ${field} ${path}, ${why}.`, {
      fix: `Correct the path, or take it out of "${field}".`,
    })
  }
}

function removeFiles(drafts: Drafts, { name, manifest }: Layer): void {
  for (const path of manifest.removes ?? []) {
    drafts.files.delete(path)
    drafts.removers.set(path, name)
  }
}

/** Who took out a file that isn't there, for messages. */
function removal({ removers }: Drafts, path: string): string | undefined {
  const remover = removers.get(path)
  return remover === undefined ? undefined : `which layer "${remover}" removes`
}

/** The files that belong to choices, none of which is taken. */
function filesOfOthers(
  known: Readonly<Record<string, Choice>>,
  taken: readonly string[],
): ReadonlySet<string> {
  const files = (wanted: boolean) =>
    Object.keys(known)
      .filter((choice) => taken.includes(choice) === wanted)
      .flatMap((choice) => known[choice]?.files ?? [])
  const own = files(true)
  return new Set(files(false).filter((path) => !own.includes(path)))
}

const PACKAGE_JSON = 'package.json'

function first(path: string, draft: Draft, layer: string, data: TemplateData): Draft {
  if (path !== PACKAGE_JSON) return draft
  const json = startDraft(path, textOf(path, draft), layer)
  const pin = data.pm.pinned === '' ? {} : { packageManager: data.pm.pinned }
  return {
    ...draft,
    json: { ...json, value: { ...json.value, name: data.name, ...pin } },
  }
}

type TextMerge = (present: string, added: string, layer: string) => string

const TEXT_MERGES: Readonly<Record<string, TextMerge>> = {
  '.gitignore': mergeIgnore,
  '.env.example': mergeEnvExample,
  'README.md': mergeReadme,
}

/** Two layers meet in one file: merged by its format, or an error. */
function merge(path: string, present: Draft, added: Draft, layer: string): Draft {
  const from = [...present.from, layer]
  if (present.json) {
    // A later layer's package.json describes its own workspace in these fields.
    const {
      name: _,
      version: _v,
      private: _p,
      type: _t,
      ...value
    } = parseObject(path, textOf(path, added), layer)
    return { ...present, json: mergeInto(present.json, value, layer), from }
  }
  const mergeText = TEXT_MERGES[path]
  if (mergeText) {
    const [left, right] = [textOf(path, present), textOf(path, added)]
    return { ...present, content: mergeText(left, right, layer), from }
  }
  throw new CliError(`Layers "${present.from[0]}" and "${layer}" both have ${path}.`, {
    fix: `If "${layer}" means to replace it, name it under "replaces" in its layer.json.`,
  })
}

function mergeJson(drafts: Drafts, part: TakenPart): void {
  for (const [path, value] of Object.entries(part.merge ?? {})) {
    const place = part.where(['merge', path])
    const draft = requireDraft(drafts, path, `${place} merges into`)
    const json = draft.json ?? startDraft(path, textOf(path, draft), draft.from[0] ?? part.layer)
    drafts.files.set(path, {
      ...draft,
      json: mergeInto(json, value, part.layer),
      from: withOwner(draft.from, part.layer),
    })
  }
}

function fillAllSlots(drafts: Drafts, parts: readonly TakenPart[]): void {
  const fills = new Map<string, Fill[]>()
  for (const fill of parts.flatMap(fillsOf)) {
    const { file, place } = fill
    const fault = `${place} fills a slot of`
    const draft = requireDraft(drafts, file, fault)
    fills.set(file, [...(fills.get(file) ?? []), fill])
    if (!draft.json && typeof draft.content === 'string') continue
    throw new CliError(`${fault} ${file}, which can have none.`, {
      fix: 'Merge into a JSON file with "merge".',
    })
  }
  for (const [path, draft] of drafts.files) {
    if (draft.json || typeof draft.content !== 'string') continue
    const own = fills.get(path) ?? []
    const content = fillSlots(path, draft.content, own)
    if (content === draft.content) continue
    const from = own.reduce((owners, fill) => withOwner(owners, fill.layer), draft.from)
    drafts.files.set(path, { ...draft, content, from })
  }
}

const fillsOf = ({ slots = {}, layer, where }: TakenPart): Fill[] =>
  Object.entries(slots).flatMap(([file, fills]) =>
    Object.entries(fills).map(([slot, lines]) => {
      const place = where(['slots', file, slot])
      return { layer, place, file, slot, lines }
    }),
  )

/** Convex's generated files name every module and variable of the repository. */
function mergeGenerated(drafts: Drafts, data: TemplateData, parts: readonly TakenPart[]): void {
  const files = new Map([...drafts.files].map(([path, { content }]) => [path, content] as const))
  const update = (path: string, merged: (text: string) => string, layers: readonly string[]) => {
    const draft = drafts.files.get(path)
    if (!draft) return
    const content = merged(textOf(path, draft))
    drafts.files.set(path, {
      ...draft,
      content,
      from: layers.reduce(withOwner, draft.from),
    })
  }
  const modules = convexModules(files)
  const moduleOwners = modules.flatMap((path) => drafts.files.get(path)?.from[0] ?? [])
  update(API_TYPES, (text) => mergeApiTypes(text, modules), moduleOwners)
  const envOwners = parts.filter(({ env }) => env).map(({ layer }) => layer)
  update(SERVER_TYPES, (text) => mergeServerTypes(text, data.env), envOwners)
}

function planned(path: string, draft: Draft): PlannedFile {
  const { json, from } = draft
  const print = path === PACKAGE_JSON ? printPackageJson : printJson
  const content = json ? print(json.value) : draft.content
  if (path === '.env.convex') return { content, mode: 0o600, from, local: true }
  return { content, mode: draft.executable ? 0o755 : 0o644, from }
}

function requireDraft(drafts: Drafts, path: string, fault: string): Draft {
  const draft = drafts.files.get(path)
  if (draft) return draft
  const why = removal(drafts, path)
  throw new CliError(`${fault} ${path}, ${why ?? 'and no layer has that file'}.`, {
    fix: why ? 'Take one of the two out of its layer.json.' : 'Correct the path.',
  })
}

function textOf(path: string, { content, from }: Draft): string {
  if (typeof content === 'string') return content
  throw new CliError(`${path} of layer "${from[0]}" is not text.`)
}

const withOwner = (from: readonly string[], layer: string) =>
  from.includes(layer) ? from : [...from, layer]
