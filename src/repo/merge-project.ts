import { isUtf8 } from 'node:buffer'
import { CliError } from '../errors.ts'
import { mergeStructured } from '../merge/structured.ts'
import type { FileChange } from '../merge/types.ts'
import { ROUTE_TREE } from '../plan/convex-generated.ts'
import { remakeConvexTypes } from './convex-types.ts'
import { readableFiles, storeFiltered } from './filters.ts'
import type { MergeInput } from './merge.ts'
import type { ObjectStore } from './objects.ts'
import { RECORD_PATH } from './record.ts'
import { templateChanges } from './template-changes.ts'
import type { TemplateChange } from './template-changes.ts'
import { mergeThreeWay } from './three-way.ts'
import type { MergedTree, Sides, Stages } from './three-way.ts'
import { listPaths } from './work-tree.ts'
import type { Entries, Entry, WorkTree } from './work-tree.ts'

/** The project as it becomes; filled in step by step. */
export interface MergedProject {
  readonly files: Map<string, Entry>
  readonly conflicts: Map<string, Stages>
  readonly report: Map<string, FileChange>
  /** Generated files that their tool has to write again. */
  readonly stale: string[]
}

/** A file that git has to merge; what isn't there, that side doesn't have. */
interface OpenFile {
  readonly path: string
  readonly oldPath: string
  readonly base: Entry | undefined
  readonly ours: Entry | undefined
  readonly theirs: Entry
  /** What is to be said of it, however git merges it. */
  readonly note?: string
}

/**
 * Works out what becomes of every file, in git's objects alone.
 *
 * @throws CliError when a file of the user's stands in the way of a new one
 */
export async function mergeProject(
  tree: WorkTree,
  objects: ObjectStore,
  input: MergeInput,
): Promise<MergedProject> {
  const readable = await readableFiles(tree, objects, input)
  const changes = await templateChanges(readable, objects, input)
  const merged: MergedProject = {
    files: new Map(readable),
    conflicts: new Map(),
    report: new Map(),
    stale: [],
  }
  followRenames(merged, changes)
  requireFreePaths(merged.files, changes)
  noteMoved(merged, changes, input)
  const edited = changes.filter((change) => !settle(merged, change))
  const open = await mergeFormats(merged, objects, edited)
  await mergeByGit(merged, objects, open, { ...input, prefix: tree.prefix })
  await remakeConvexTypes(merged, objects, input)
  await putRecord(merged, objects, input)
  await storeFiltered(tree, objects, merged, readable)
  return merged
}

/** The template's new names for the user's files. */
function followRenames({ files }: MergedProject, changes: readonly TemplateChange[]): void {
  for (const { path, oldPath } of changes) {
    const entry = files.get(oldPath)
    if (path === oldPath || !entry || files.has(path)) continue
    files.delete(oldPath)
    files.set(path, entry)
  }
}

/** @throws CliError where a folder of the user's is in the place of a new file, or the reverse */
function requireFreePaths(files: Entries, changes: readonly TemplateChange[]): void {
  const news = changes.filter(({ path, before }) => !before && !files.has(path))
  if (news.length === 0) return
  const goes = new Set(changes.filter((change) => isDropped(files, change)).map(({ path }) => path))
  const stays = new Set([...files.keys()].filter((path) => !goes.has(path)))
  const names = new Map([...stays].map((path) => [path.toLowerCase(), path]))
  const folders = new Set([...stays].flatMap(foldersAbove))
  const taken = news.flatMap(({ path }) => {
    const above = foldersAbove(path).find((folder) => stays.has(folder))
    return above ?? names.get(path.toLowerCase()) ?? (folders.has(path) ? path : [])
  })
  if (taken.length === 0) return
  throw new CliError(`Something of yours is where a new file goes: ${listPaths(taken)}.`, {
    fix: 'Give it another name, commit, and run the command again.',
  })
}

/** The template drops it, and the user has not edited it. */
const isDropped = (files: Entries, { path, before, after }: TemplateChange): boolean =>
  !after && before !== undefined && files.get(path)?.oid === before.oid

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** What the template drops stays where the user has moved it, out of sight of the template. */
function noteMoved(
  merged: MergedProject,
  changes: readonly TemplateChange[],
  { before, after }: MergeInput,
): void {
  const own = [...merged.files].filter(([path]) => !before.has(path) && !after.has(path))
  for (const change of changes) {
    if (change.after || merged.files.has(change.path)) continue
    const [path] = own.find(([, { oid }]) => oid === change.before?.oid) ?? []
    if (path === undefined) continue
    const note = 'the template no longer has it; you moved it'
    noteChange(merged, { path, oldPath: change.path }, 'kept', note)
  }
}

/** @returns whether it is settled: where one side has changed nothing, there is nothing to merge */
function settle(merged: MergedProject, change: TemplateChange): boolean {
  const { files } = merged
  const { path, before, after } = change
  const ours = files.get(path)
  if (!after) {
    if (isDropped(files, change)) files.delete(path)
    if (ours) noteChange(merged, change, files.has(path) ? 'kept' : 'deleted', noLonger)
    return true
  }
  if (!ours) {
    // Some projects don't have it in git, as every build writes it.
    if (before && path === ROUTE_TREE) merged.stale.push(path)
    if (before) return path === ROUTE_TREE
    files.set(path, after)
    noteChange(merged, change, 'added')
    return true
  }
  if (ours.oid !== before?.oid && ours.oid !== after.oid) return isSpecial(merged, change, ours)
  const mode = mergedMode(change, ours)
  files.set(path, { oid: after.oid, mode })
  if (ours.oid !== after.oid || ours.mode !== mode || path !== change.oldPath)
    noteChange(merged, change, 'updated')
  return true
}

const noLonger = 'the template no longer has it; you changed it'

/** What a merge of texts is no answer to. */
function isSpecial(merged: MergedProject, change: TemplateChange, ours: Entry): boolean {
  if (!ours.mode.startsWith('100')) {
    noteChange(merged, change, 'kept', 'it is no plain file any more')
    return true
  }
  if (change.path !== ROUTE_TREE) return false
  merged.stale.push(ROUTE_TREE)
  return true
}

const mergedMode = ({ before, after }: TemplateChange, ours: Entry): string =>
  before && after && before.mode !== after.mode && ours.mode === before.mode
    ? after.mode
    : ours.mode

function noteChange(
  { report }: MergedProject,
  { path, oldPath }: Pick<TemplateChange, 'path' | 'oldPath'>,
  kind: FileChange['kind'],
  note?: string,
): void {
  report.set(path, {
    path,
    kind,
    ...(oldPath !== path && { from: oldPath }),
    ...(kind === 'kept' && note !== undefined && { note }),
  })
}

/** Merges what has a structure by that; answers what is left for git. */
async function mergeFormats(
  merged: MergedProject,
  objects: ObjectStore,
  changes: readonly TemplateChange[],
): Promise<OpenFile[]> {
  const oids = changes.flatMap(({ path }) => merged.files.get(path)?.oid ?? [])
  const contents = await objects.readBlobs(oids)
  const open: OpenFile[] = []
  for (const change of changes) {
    const ours = merged.files.get(change.path)
    const content = ours && contents.get(ours.oid)
    // Other bytes than text have no form but for git.
    const text = content && isUtf8(content) ? String(content) : undefined
    open.push(...(await mergeFormat(merged, objects, change, text)))
  }
  return open
}

async function mergeFormat(
  merged: MergedProject,
  objects: ObjectStore,
  change: TemplateChange,
  text: string | undefined,
): Promise<OpenFile[]> {
  const { path, oldPath, before, after } = change
  const ours = merged.files.get(path)
  const theirs = after as Entry
  const structured =
    text === undefined || !before || !after
      ? undefined
      : mergeStructured(path, String(before.content), text, String(after.content))
  if (!structured || !ours) return [{ path, oldPath, base: before, ours, theirs }]
  const { result, notes } = structured
  const note = notes.join(' ')
  const mode = mergedMode(change, ours)
  const sides = typeof result === 'string' ? [result] : [result.base, result.ours, result.theirs]
  const oids = await objects.writeBlobs(sides)
  const [first, second, third] = oids.map((oid) => ({ oid, mode }))
  const noted = note !== '' && { note }
  if (second && third) {
    return [{ path, oldPath, base: first, ours: second, theirs: third, ...noted }]
  }
  if (first) merged.files.set(path, first)
  const kind = result === text ? 'kept' : 'merged'
  if (kind === 'merged' || note !== '') {
    noteChange(merged, change, kind)
    merged.report.set(path, { ...(merged.report.get(path) as FileChange), ...noted })
  }
  return []
}

async function mergeByGit(
  merged: MergedProject,
  objects: ObjectStore,
  open: readonly OpenFile[],
  { before, label, prefix }: MergeInput & { readonly prefix: string },
): Promise<void> {
  if (open.length === 0) return
  const sides: Sides = {
    base: sideOf(open, 'base'),
    ours: new Map([...ownFiles(merged.files, open, before), ...sideOf(open, 'ours')]),
    theirs: sideOf(open, 'theirs'),
  }
  const result = await mergeThreeWay(objects, sides, { ours: 'yours', theirs: label }, prefix)
  for (const file of open) takeMerged(merged, result, file)
  for (const [path, from] of result.moved) takeMoved(merged, result, path, from)
}

const sideOf = (open: readonly OpenFile[], side: 'base' | 'ours' | 'theirs'): Entries =>
  new Map(open.flatMap(({ path, [side]: entry }) => (entry ? [[path, entry] as const] : [])))

/** Where a file that isn't at its place may have gone: to a path that the template doesn't have. */
function* ownFiles(files: Entries, open: readonly OpenFile[], before: MergeInput['before']) {
  if (open.every(({ ours }) => ours)) return
  for (const [path, entry] of files) if (!before.has(path)) yield [path, entry] as const
}

function takeMerged(
  merged: MergedProject,
  result: MergedTree,
  { path, oldPath, ours, note }: OpenFile,
): void {
  const stages = result.conflicts.get(path)
  const entry = result.files.get(path)
  if (!ours) {
    const isMoved = [...result.moved.values()].includes(path)
    if (!isMoved) noteChange(merged, { path, oldPath: path }, 'stayedDeleted')
    return
  }
  merged.files.set(path, entry ?? ours)
  if (stages) merged.conflicts.set(path, stages)
  if (stages || entry?.oid !== ours.oid || path !== oldPath)
    noteChange(merged, { path, oldPath }, stages ? 'conflict' : 'merged')
  const said = merged.report.get(path)
  if (said && note !== undefined) merged.report.set(path, { ...said, note })
}

/** The user has moved a file, and the template's changes follow it. */
function takeMoved(merged: MergedProject, result: MergedTree, path: string, from: string): void {
  const [ours, entry] = [merged.files.get(path), result.files.get(path)]
  const stages = result.conflicts.get(path)
  if (!entry || (entry.oid === ours?.oid && !stages)) return
  merged.files.set(path, entry)
  if (stages) merged.conflicts.set(path, stages)
  noteChange(merged, { path, oldPath: from }, stages ? 'conflict' : 'merged')
}

async function putRecord(
  { files }: MergedProject,
  objects: ObjectStore,
  { after }: MergeInput,
): Promise<void> {
  const record = after.get(RECORD_PATH)
  if (!record) return
  const [oid = ''] = await objects.writeBlobs([record.content])
  files.set(RECORD_PATH, { mode: '100644', oid })
}
