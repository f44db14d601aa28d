import type { TreeFile } from '../merge/types.ts'
import { packageManagers } from '../package-managers.ts'
import type { MergeInput } from './merge.ts'
import type { ObjectStore } from './objects.ts'
import { RECORD_PATH } from './record.ts'
import type { Entries, Entry } from './work-tree.ts'

/** A file of the template that differs between the two trees. */
export interface TemplateChange {
  readonly path: string
  /** Its name before, where the template renames it. */
  readonly oldPath: string
  readonly before: TemplateSide | undefined
  readonly after: TemplateSide | undefined
}

interface TemplateSide extends Entry {
  readonly content: string | Uint8Array
}

const LOCKFILES = Object.values(packageManagers).flatMap(({ lockfiles }) => lockfiles)

/** Written at the end, for one machine, or by a package manager. */
const APART: readonly string[] = [RECORD_PATH, '.env.convex', '.env.local', ...LOCKFILES]

/** Convex's types are made again from what is there. */
const isMerged = (path: string) => !APART.includes(path) && !path.startsWith('convex/_generated/')

/** Where the two trees differ, with the contents in git, line ends as the user's. */
export async function templateChanges(
  files: Entries,
  objects: ObjectStore,
  input: MergeInput,
): Promise<readonly TemplateChange[]> {
  const pairs = differingFiles(input, files)
  const changes = await written(objects, pairs)
  const crlf = await withCarriageReturns(files, objects, changes)
  if (crlf.size === 0) return changes
  const convert = (path: string, file: TreeFile | undefined) =>
    file && crlf.has(path) ? { ...file, content: toCrlf(file.content) } : file
  return written(
    objects,
    pairs.map(({ path, oldPath, before, after }) => ({
      path,
      oldPath,
      before: convert(path, before),
      after: convert(path, after),
    })),
  )
}

interface FilePair {
  readonly path: string
  readonly oldPath: string
  readonly before: TreeFile | undefined
  readonly after: TreeFile | undefined
}

/** A rename is none for a project that has something of its own at the new name: that is two files. */
function differingFiles(
  { before, after, renames = new Map() }: MergeInput,
  files: Entries,
): FilePair[] {
  const oldPaths = new Map(
    [...renames]
      .filter(([from, to]) => before.has(from) && after.has(to) && !before.has(to))
      .filter(([from, to]) => !after.has(from) && !(files.has(from) && files.has(to)))
      .map(([from, to]) => [to, from]),
  )
  const renamed = new Set(oldPaths.values())
  const paths = new Set([...before.keys(), ...after.keys()])
  return [...paths]
    .filter((path) => isMerged(path) && !renamed.has(path))
    .map((path) => {
      const oldPath = oldPaths.get(path) ?? path
      return { path, oldPath, before: before.get(oldPath), after: after.get(path) }
    })
    .filter(
      ({ path, oldPath, ...sides }) => oldPath !== path || !isSameFile(sides.before, sides.after),
    )
}

/** Whether the template has a file on both sides, and the same. */
export const isSameFile = (a: TreeFile | undefined, b: TreeFile | undefined) =>
  a !== undefined &&
  b !== undefined &&
  modeOf(a) === modeOf(b) &&
  Buffer.from(a.content).equals(Buffer.from(b.content))

const modeOf = ({ mode }: TreeFile) => ((mode & 0o100) === 0 ? '100644' : '100755')

async function written(
  objects: ObjectStore,
  pairs: readonly FilePair[],
): Promise<TemplateChange[]> {
  const contents = pairs.flatMap(({ before, after }) =>
    [before, after].flatMap((file) => (file ? [file.content] : [])),
  )
  const oids = (await objects.writeBlobs(contents)).values()
  const side = (file: TreeFile | undefined): TemplateSide | undefined =>
    file && { content: file.content, mode: modeOf(file), oid: oids.next().value ?? '' }
  return pairs.map(({ before, after, ...paths }) => {
    const sides = [before, after].map(side)
    return { ...paths, before: sides[0], after: sides[1] }
  })
}

/** The paths that the user has in git with CRLF, which the template never has. */
async function withCarriageReturns(
  files: Entries,
  objects: ObjectStore,
  changes: readonly TemplateChange[],
): Promise<ReadonlySet<string>> {
  const edited = changes.flatMap(({ path, oldPath, before }) => {
    const entry = files.get(path) ?? files.get(oldPath)
    return entry && entry.oid !== before?.oid && entry.mode.startsWith('100')
      ? [[path, entry.oid] as const]
      : []
  })
  const contents = await objects.readBlobs(edited.map(([, oid]) => oid))
  return new Set(edited.flatMap(([path, oid]) => (hasCrlf(contents.get(oid)) ? [path] : [])))
}

/** Most lines end in CRLF, and it is text. */
function hasCrlf(content: Buffer | undefined): boolean {
  if (!content || content.includes(0)) return false
  const text = content.toString('latin1')
  const [crlf, lf] = [/\r\n/g, /(?<!\r)\n/g].map((end) => text.match(end)?.length ?? 0)
  return (crlf ?? 0) > (lf ?? 0)
}

const toCrlf = (content: string | Uint8Array) =>
  typeof content === 'string' ? content.replaceAll(/\r?\n/g, '\r\n') : content
