import { CliError, nearestFirst } from '../errors.ts'
import { outputPath } from '../layers/template.ts'
import type { Layer, LayerFile, SelectedLayer } from '../layers/layer.ts'
import {
  API_TYPES,
  convexModules,
  mergeApiTypes,
  mergeComponents,
  mergeServerTypes,
  SERVER_TYPES,
} from './convex-generated.ts'
import { partsOf, placeIn, templateData, type TakenPart } from './data.ts'
import {
  mergeInto,
  printJson,
  printPackageJson,
  startDraft,
  textMerges,
  type JsonDraft,
} from './formats.ts'
import { fillSlots, type Fill } from './slots.ts'
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
  const drafts: Drafts = { files: new Map(), removers: new Map(), sources: new Map() }
  for (const taken of selected) {
    requireMatches(drafts, taken)
    for (const path of taken.layer.manifest.removes ?? []) {
      drafts.files.delete(path)
      drafts.removers.set(path, taken.layer.name)
    }
    for (const file of takenFiles(taken, data)) layFile(drafts, file, taken.layer, data)
  }
  requireDistinctPaths([...drafts.files.keys()])
  const parts = partsOf(selected)
  for (const part of parts) mergeJson(drafts, part)
  fillAllSlots(drafts, parts)
  mergeGenerated(drafts, parts, data)
  const files = [...drafts.files].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return new Map(files.map(([path, draft]) => [path, planned(path, draft)]))
}

/** A plan without what belongs to one machine, and may hold secrets. */
export const withoutLocal = (plan: Plan): Plan =>
  new Map([...plan].filter(([, { local }]) => !local))

/**
 * Refuses paths that differ only in case, or where one's folder is another's file.
 *
 * @throws {CliError}
 */
function requireDistinctPaths(paths: readonly string[]): void {
  const seen = new Map(paths.map((path) => [path.toLowerCase(), path]))
  for (const path of paths) {
    const twin = seen.get(path.toLowerCase())
    if (twin !== path) {
      throw new CliError(
        `${path} and ${twin} differ only in case: macOS and Windows have one file for both.`,
        { fix: 'Rename one of them in its layer.' },
      )
    }
    for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
      const file = seen.get(path.slice(0, end).toLowerCase())
      if (file === undefined) continue
      throw new CliError(`${file} is a file, and ${path} needs it as a folder.`)
    }
  }
}

const PACKAGE_JSON = 'package.json'

/** A file in the making. */
interface Draft {
  content: LayerFile['content']
  /** In the place of `content`, for a file that is merged as JSON. */
  json?: JsonDraft
  readonly executable: boolean
  /** Names of the layers that had a hand in it, the owner first. */
  readonly from: Set<string>
}

/** A repository in the making. */
interface Drafts {
  readonly files: Map<string, Draft>
  /** Path of a file that is gone → the layer that removed it. */
  readonly removers: Map<string, string>
  /** Name of a layer that was laid → where it is from. */
  readonly sources: Map<string, string>
}

/** The layer's name is its own; what is taken of it, and what it says of earlier layers' files, is there. */
function requireMatches(drafts: Drafts, { layer, choices }: SelectedLayer): void {
  const { name, source } = layer
  const other = drafts.sources.get(name)
  if (other !== undefined) {
    throw new CliError(`Two layers are named "${name}": from ${other} and from ${source}.`, {
      fix: 'Take one of them, or give it another name in its layer.json.',
    })
  }
  drafts.sources.set(name, source)
  const known = layer.manifest.choices ?? {}
  const unknown = choices.find((choice) => !Object.hasOwn(known, choice))
  if (unknown !== undefined) {
    const names = nearestFirst(unknown, Object.keys(known)).join(', ')
    throw new CliError(`Layer "${name}" has no choice "${unknown}".`, {
      fix: `Its choices are: ${names || '(none)'}.`,
    })
  }
  for (const field of ['replaces', 'removes'] as const) {
    for (const [index, path] of (layer.manifest[field] ?? []).entries()) {
      requireDraft(drafts, path, `${placeIn(layer, [field, index])} ${field}`, {
        problem: 'which no earlier layer has',
        fix: `Correct the path, or take it out of "${field}".`,
      })
    }
  }
}

/** @param fault - what names the path, for messages */
function requireDraft(
  { files, removers }: Drafts,
  path: string,
  fault: string,
  missing = { problem: 'and no layer has that file', fix: 'Correct the path.' },
): Draft {
  const draft = files.get(path)
  if (draft) return draft
  const remover = removers.get(path)
  const { problem, fix } =
    remover === undefined
      ? missing
      : {
          problem: `which layer "${remover}" removes`,
          fix: 'Take one of the two out of its layer.json.',
        }
  throw new CliError(`${fault} ${path}, ${problem}.`, { fix })
}

/** Where the files of a layer go, without those of choices none of which is taken. */
function takenFiles(
  { layer, choices }: SelectedLayer,
  data: TemplateData,
): (readonly [path: string, draft: Draft])[] {
  const known = Object.entries(layer.manifest.choices ?? {})
  const filesOf = (isTaken: boolean) =>
    known.flatMap(([choice, { files = [] }]) => (choices.includes(choice) === isTaken ? files : []))
  const own = filesOf(true)
  const others = filesOf(false).filter((path) => !own.includes(path))
  return [...layer.files]
    .filter(([source]) => !others.includes(source))
    .map(([source, { content, executable, render }]) => {
      const rendered = render ? render(data) : content
      return [
        outputPath(source),
        { content: rendered, executable, from: new Set([layer.name]) },
      ] as const
    })
}

/** A file is new, takes the place of an earlier layer's, or is merged with it by its format. */
function layFile(
  { files }: Drafts,
  [path, draft]: readonly [string, Draft],
  { name: layer, manifest }: Layer,
  { name, pm }: TemplateData,
): void {
  if (path === PACKAGE_JSON) draft.json = startDraft(path, textOf(path, draft), layer)
  const present = files.get(path)
  const mergeText = textMerges[path]
  if (!present || manifest.replaces?.includes(path)) {
    const pin = pm.pinned === '' ? {} : { packageManager: pm.pinned }
    if (draft.json) Object.assign(draft.json.value, { name, ...pin })
    files.set(path, draft)
  } else if (present.json && draft.json) {
    // A later layer's package.json describes its own workspace in these fields.
    const { name: _, version: _v, private: _p, type: _t, ...shared } = draft.json.value
    mergeInto(present.json, shared, layer)
    present.from.add(layer)
  } else if (mergeText) {
    present.content = mergeText(textOf(path, present), textOf(path, draft), layer)
    present.from.add(layer)
  } else {
    throw new CliError(`Layers "${[...present.from][0]}" and "${layer}" both have ${path}.`, {
      fix: `If "${layer}" means to replace it, name it under "replaces" in its layer.json.`,
    })
  }
}

function mergeJson(drafts: Drafts, { merge = {}, layer, where }: TakenPart): void {
  for (const [path, value] of Object.entries(merge)) {
    const draft = requireDraft(drafts, path, `${where(['merge', path])} merges into`)
    const [owner = layer] = draft.from
    draft.json ??= startDraft(path, textOf(path, draft), owner)
    mergeInto(draft.json, value, layer)
    draft.from.add(layer)
  }
}

function fillAllSlots(drafts: Drafts, parts: readonly TakenPart[]): void {
  const fills = parts.flatMap(({ slots = {}, layer, where }) =>
    Object.entries(slots).flatMap(([file, slotsOfFile]) =>
      Object.entries(slotsOfFile).map(([slot, lines]): Fill => {
        return { layer, place: where(['slots', file, slot]), file, slot, lines }
      }),
    ),
  )
  for (const { file, place } of fills) {
    const fault = `${place} fills a slot of`
    const { json, content } = requireDraft(drafts, file, fault)
    if (!json && typeof content === 'string') continue
    throw new CliError(`${fault} ${file}, which can have none.`, {
      fix: 'Merge into a JSON file with "merge".',
    })
  }
  for (const [path, draft] of drafts.files) {
    if (draft.json || typeof draft.content !== 'string') continue
    const own = fills.filter(({ file }) => file === path)
    draft.content = fillSlots(path, draft.content, own)
    for (const { layer } of own) draft.from.add(layer)
  }
}

/** Convex's generated files name every module and variable of the repository. */
function mergeGenerated(
  { files }: Drafts,
  parts: readonly TakenPart[],
  { env }: TemplateData,
): void {
  const contents = new Map([...files].map(([path, { content }]) => [path, content] as const))
  const modules = convexModules(contents)
  const api = files.get(API_TYPES)
  if (api) {
    api.content = mergeApiTypes(textOf(API_TYPES, api), modules)
    for (const { components, layer } of parts) {
      if (!components) continue
      api.content = mergeComponents(api.content, components)
      api.from.add(layer)
    }
    const owners = modules.flatMap((path) => [...(files.get(path)?.from ?? [])].slice(0, 1))
    for (const owner of owners) api.from.add(owner)
  }
  const server = files.get(SERVER_TYPES)
  if (server) {
    server.content = mergeServerTypes(textOf(SERVER_TYPES, server), env)
    for (const part of parts) if (part.env.length > 0) server.from.add(part.layer)
  }
}

/** The file as it is written. */
function planned(path: string, { json, content, executable, from: owners }: Draft): PlannedFile {
  const print = path === PACKAGE_JSON ? printPackageJson : printJson
  const file = { content: json ? `${print(json.value)}\n` : content, from: [...owners] }
  if (path === '.env.convex') return { ...file, mode: 0o600, local: true }
  return { ...file, mode: executable ? 0o755 : 0o644 }
}

function textOf(path: string, { content, from }: Draft): string {
  if (typeof content === 'string') return content
  throw new CliError(`${path} of layer "${[...from][0]}" is not text.`)
}
