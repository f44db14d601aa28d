import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../errors.ts'
import { partsOfZ } from './git.ts'
import type { ObjectStore } from './objects.ts'
import type { Stages } from './three-way.ts'
import { listPaths } from './work-tree.ts'
import type { Entry, WorkTree } from './work-tree.ts'

/** What becomes of a path of the project. */
export interface PathChange {
  readonly path: string
  /** In the last commit. */
  readonly from: Entry | undefined
  readonly to: Entry | undefined
  /** What git's index tells apart, where the two sides are in conflict. */
  readonly stages?: Stages
}

/**
 * Refuses to change what no commit has: edited files, staged ones, and files in
 * the place of new ones.
 *
 * @throws CliError that names them; nothing is changed
 */
export async function requireUntouched(
  tree: WorkTree,
  objects: ObjectStore,
  changes: readonly PathChange[],
): Promise<void> {
  const news = changes.filter(({ from }) => from === undefined)
  const gone = new Set(changes.flatMap(({ path, to }) => (to ? [] : [path])))
  const inTheWay = news.flatMap(({ path }) => obstacleAt(tree.root, path, gone) ?? [])
  if (inTheWay.length > 0) throw obstructed(inTheWay)
  const edited = await editedPaths(tree, objects, changes)
  const staged = await stagedPaths(tree)
  const touched = changes.map(({ path }) => path)
  const dirty = touched.filter((path) => edited.has(path) || staged.has(path))
  if (dirty.length === 0) return
  const sparse = await sparsePaths(tree)
  const absent = dirty.filter((path) => sparse.has(path) && !existsSync(join(tree.root, path)))
  if (absent.length > 0) throw notCheckedOut(absent)
  throw new CliError(
    `This would change files with changes of yours that are not committed: ${listPaths(dirty)}.`,
    { fix: 'Commit them, or take the changes back, then run the command again.' },
  )
}

/**
 * What stands where a new file goes: a file, or something in the place of a folder above it.
 *
 * @param gone - files that won't be there any more
 */
function obstacleAt(root: string, path: string, gone: ReadonlySet<string>): string | undefined {
  const parts = path.split('/')
  for (let count = 1; count <= parts.length; count++) {
    const part = parts.slice(0, count).join('/')
    const found = lstatSync(join(root, part), { throwIfNoEntry: false })
    if (!found || gone.has(part)) return undefined
    if (count < parts.length && found.isDirectory()) continue
    return found.isDirectory() && isEmptied(root, part, gone) ? undefined : part
  }
  return undefined
}

/** Whether all that is in a folder goes. */
const isEmptied = (root: string, folder: string, gone: ReadonlySet<string>): boolean =>
  readdirSync(join(root, folder), { withFileTypes: true }).every((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? isEmptied(root, path, gone) : gone.has(path)
  })

const obstructed = (paths: readonly string[]) =>
  new CliError(
    `A new file goes where something is that git doesn't have: ${listPaths([...new Set(paths)])}.`,
    { fix: 'Commit it, and the two are merged, or move it away.' },
  )

/** Paths that the user keeps out of the work tree. */
const sparsePaths = async (tree: WorkTree): Promise<ReadonlySet<string>> =>
  new Set(await taggedPaths(tree, '-t', 'S'))

/** Paths of the project that `git ls-files` marks with a letter. */
async function taggedPaths(
  { git, prefix }: WorkTree,
  flag: string,
  letter: string,
): Promise<string[]> {
  const { stdout } = await git(['ls-files', flag, '-z'])
  const start = `${letter} ${prefix}`
  const tagged = partsOfZ(stdout).filter((line) => line.startsWith(start))
  return tagged.map((line) => line.slice(start.length))
}

/**
 * Refuses edits of files that are assumed to be unchanged: `git status` knows nothing of them,
 * and the way back would lose them.
 *
 * @throws CliError that names them
 */
export async function requireNoneHidden(tree: WorkTree, objects: ObjectStore): Promise<void> {
  const hidden = (await taggedPaths(tree, '-v', 'h')).map((path) => {
    const from = tree.files.get(path)
    return { path, from, to: from }
  })
  const edited = [...(await editedPaths(tree, objects, hidden))]
  if (edited.length === 0) return
  throw new CliError(
    `There are changes that are not committed, and git was told to overlook them: ${listPaths(edited)}.`,
    {
      fix: [
        'Have git see them, then commit them, or take them back:',
        ...edited.map((path) => `git update-index --no-assume-unchanged ${tree.shownPath(path)}`),
        'Or --allow-dirty, which leaves these files as they are.',
      ].join('\n'),
    },
  )
}

const notCheckedOut = (paths: readonly string[]) =>
  new CliError(
    `This would change files that a sparse checkout keeps out of here: ${listPaths(paths)}.`,
    { fix: 'git sparse-checkout disable, or git sparse-checkout add with their folders.' },
  )

/** Paths whose file isn't what the last commit has, by the content: git's flags may hide that. */
export async function editedPaths(
  { prefix }: WorkTree,
  { git, temporaryIndex }: ObjectStore,
  changes: readonly PathChange[],
): Promise<ReadonlySet<string>> {
  const committed = changes.flatMap(({ path, from }) => (from ? [[path, from] as const] : []))
  if (committed.length === 0) return new Set()
  const env = { GIT_INDEX_FILE: await temporaryIndex(new Map(committed)) }
  await git(['update-index', '-q', '--refresh'], { env, accept: [0, 1] })
  const { stdout } = await git(['diff-files', '--name-only', '-z'], { env })
  return new Set(partsOfZ(stdout).map((path) => path.slice(prefix.length)))
}

async function stagedPaths({ git, prefix, head }: WorkTree): Promise<ReadonlySet<string>> {
  const { stdout } = await git(['diff-index', '--cached', '--name-only', '-z', head])
  return new Set(partsOfZ(stdout).map((path) => path.slice(prefix.length)))
}
