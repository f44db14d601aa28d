import { CliError } from '../errors.ts'
import { partsOfZ } from './git.ts'
import type { ObjectStore } from './objects.ts'
import type { Entries, Entry } from './work-tree.ts'

/** Three trees, of paths in the project. */
export interface Sides {
  readonly base: Entries
  readonly ours: Entries
  readonly theirs: Entries
}

/** What the three sides have of a file that is in conflict: at 1 the base, at 2 ours, at 3 theirs. */
export type Stages = Readonly<Partial<Record<1 | 2 | 3, Entry>>>

export interface MergedTree {
  readonly files: Entries
  readonly conflicts: ReadonlyMap<string, Stages>
  /** Where a file of the base is now, with ours: new path → old path. */
  readonly moved: ReadonlyMap<string, string>
}

/** What the sides of a conflict are called in the file. */
export interface Labels {
  readonly ours: string
  readonly theirs: string
}

/** Renames are found; a new file stays in its folder, even if ours has moved all others of it. */
const MERGE_SETTINGS = [
  'merge.renames=true',
  'merge.directoryRenames=false',
  'merge.renameLimit=20000',
]

/**
 * Merges trees by `git merge-tree`, with the user's attributes and merge
 * drivers, through commits that no branch shows.
 *
 * @param prefix - from the repository to the project, where attributes are looked up
 * @see https://git-scm.com/docs/git-merge-tree
 */
export async function mergeThreeWay(
  objects: ObjectStore,
  sides: Sides,
  labels: Labels,
  prefix: string,
): Promise<MergedTree> {
  const [base, ours, theirs] = await Promise.all(
    [sides.base, sides.ours, sides.theirs].map(objects.writeTree),
  )
  const root = await objects.writeCommit(base ?? '', [])
  const [left = '', right = ''] = await Promise.all(
    [ours, theirs].map((tree) => objects.writeCommit(tree ?? '', [root])),
  )
  const settings = MERGE_SETTINGS.flatMap((setting) => ['-c', setting])
  const { stdout, stderr, exitCode } = await objects.git(
    [...settings, 'merge-tree', '--write-tree', '-z', '--no-messages', left, right],
    { accept: [0, 1] },
  )
  if (stdout.length === 0) throw new CliError(`git can't merge (${exitCode}). It says:\n${stderr}`)
  const [tree = '', ...lines] = partsOfZ(stdout)
  const conflicts = conflictsOf(lines, prefix)
  const blocked = blockedPaths(conflicts, [left, right])
  const open = withoutPaths(sides, blocked)
  if (open.theirs.size < sides.theirs.size) return mergeThreeWay(objects, open, labels, prefix)
  const listed = await filesOf(objects, tree, prefix)
  const names = { [left]: labels.ours, [right]: labels.theirs, [root]: 'before' }
  return {
    files: await withLabels(objects, listed, conflicts, names),
    conflicts,
    moved: await movedFiles(objects, [base ?? '', ours ?? ''], prefix),
  }
}

/** `100644 OID STAGE<tab>path` each. */
function conflictsOf(lines: readonly string[], prefix: string): Map<string, Stages> {
  const conflicts = new Map<string, Stages>()
  for (const line of lines) {
    const tab = line.indexOf('\t')
    const [mode = '', oid = '', stage = ''] = line.slice(0, tab).split(' ')
    const path = line.slice(tab + 1 + prefix.length)
    conflicts.set(path, { ...conflicts.get(path), [stage]: { mode, oid } })
  }
  return conflicts
}

/** Files that git would put aside as `path~COMMIT`, because the other side has a folder at their path. */
function blockedPaths(
  conflicts: ReadonlyMap<string, Stages>,
  commits: readonly string[],
): readonly string[] {
  return [...conflicts.keys()].flatMap((path) => {
    const commit = commits.find((oid) => path.includes(`~${oid}`))
    return commit === undefined ? [] : [path.slice(0, path.indexOf(`~${commit}`))]
  })
}

/** Ours has something else at or above these, so the template's change to them has no place. */
function withoutPaths({ base, ours, theirs }: Sides, paths: readonly string[]): Sides {
  const isIn = (path: string) =>
    paths.some((blocked) => path === blocked || path.startsWith(`${blocked}/`))
  const drop = (entries: Entries) => new Map([...entries].filter(([path]) => !isIn(path)))
  return { base: drop(base), ours, theirs: drop(theirs) }
}

async function filesOf(objects: ObjectStore, tree: string, prefix: string): Promise<Entries> {
  const { stdout } = await objects.git(['ls-tree', '-r', '-z', '--full-tree', tree])
  return new Map(
    partsOfZ(stdout).map((line) => {
      const tab = line.indexOf('\t')
      const [mode = '', , oid = ''] = line.slice(0, tab).split(' ')
      return [line.slice(tab + 1 + prefix.length), { mode, oid }]
    }),
  )
}

/** Git names the sides by their commits, and a reader wants to know whose they are. */
async function withLabels(
  objects: ObjectStore,
  files: Entries,
  conflicts: ReadonlyMap<string, Stages>,
  names: Readonly<Record<string, string>>,
): Promise<Entries> {
  const marked = [...conflicts.keys()].flatMap((path) => {
    const entry = files.get(path)
    return entry ? [[path, entry] as const] : []
  })
  const contents = await objects.readBlobs(marked.map(([, { oid }]) => oid))
  const relabelled = marked.map(([, { oid }]) =>
    nameSides(contents.get(oid) ?? Buffer.alloc(0), names),
  )
  const oids = await objects.writeBlobs(relabelled)
  const entries = marked.map(
    ([path, { mode }], index) => [path, { mode, oid: oids[index] ?? '' }] as const,
  )
  return new Map([...files, ...entries])
}

function nameSides(content: Buffer, names: Readonly<Record<string, string>>): Buffer {
  // Latin-1 keeps every byte as it is.
  const text = content.toString('latin1')
  const named = text.replace(
    /^([<>|])(\1{2,}) ([0-9a-f]{4,64})(?=[:\r\n]|$)/gm,
    (line, mark: string, more: string, oid: string) => {
      const commit = Object.keys(names).find((known) => known.startsWith(oid))
      const name = Buffer.from(names[commit ?? ''] ?? '').toString('latin1')
      return commit === undefined ? line : `${mark}${more} ${name}`
    },
  )
  return Buffer.from(named, 'latin1')
}

async function movedFiles(
  objects: ObjectStore,
  trees: readonly string[],
  prefix: string,
): Promise<Map<string, string>> {
  const args = ['-r', '-z', '-M', '-l20000', '--diff-filter=R', '--name-status', ...trees]
  const parts = partsOfZ((await objects.git(['diff-tree', ...args])).stdout)
  const moved = new Map<string, string>()
  for (let index = 0; index + 2 < parts.length; index += 3) {
    const [from = '', to = ''] = parts.slice(index + 1, index + 3)
    moved.set(to.slice(prefix.length), from.slice(prefix.length))
  }
  return moved
}
