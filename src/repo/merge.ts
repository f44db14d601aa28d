import { CliError } from '../errors.ts'
import type { FileTree, MergeOutcome } from '../merge/types.ts'
import { applyChanges, requireNothingHalfDone, requireUnlocked } from './apply.ts'
import { requireNoneHidden, requireUntouched } from './untouched.ts'
import type { PathChange } from './untouched.ts'
import { withObjects } from './objects.ts'
import type { ObjectStore } from './objects.ts'
import { mergeProject } from './merge-project.ts'
import type { MergedProject } from './merge-project.ts'
import { openWorkTree, requireClean } from './work-tree.ts'
import type { Entries, WorkTree } from './work-tree.ts'

export interface MergeInput {
  /** The project's folder: a git repository, or in one. */
  readonly root: string
  /** Where the user is, and types commands; else the project's folder. */
  readonly cwd?: string
  /** What the project was generated as. */
  readonly before: FileTree
  /** What it would be generated as now, with its record. */
  readonly after: FileTree
  /** What the template's side is called in a conflict: `create-start-convex-auth 0.2.0`. */
  readonly label: string
  /** Files that the template gave another name: old path → new path. */
  readonly renames?: ReadonlyMap<string, string>
  /** Nothing is written, into git's folder neither. */
  readonly dryRun?: boolean
  /** Changes that no commit has are left alone, in place of refused. */
  readonly allowDirty?: boolean
}

/** A merge that is ready to be looked at, or written. */
export interface ReadyMerge {
  readonly outcome: MergeOutcome
  /** From the topmost folder of the repository to the project: `apps/web/`, or nothing. */
  readonly prefix: string
  /** Of a dry run: why the files as they are now keep it from being written. */
  readonly refusal?: string
  /** Prints the difference: to be run with a terminal, where git pages it, or for its output. */
  readonly diff: () => Promise<DiffCommand>
  /**
   * Writes it: all, or nothing.
   *
   * @param check - throws when the run was cancelled
   * @throws CliError when something fails; the files are as they were, or `fix` has the command
   */
  readonly apply: (check?: () => Promise<void>) => Promise<void>
}

/** `git` with these arguments, in this folder. */
export interface DiffCommand {
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/**
 * Merges the way from one generated tree to another into what the user made of
 * the first. Nothing of theirs is lost: what both sides changed is a conflict,
 * what they deleted stays deleted, and a file that they edited stays where the
 * template drops it.
 *
 * The user's side is the last commit. The changes are staged; a conflict is in
 * the file and in git's index, as after `git merge`.
 *
 * @param use - gets the merge; what is temporary is gone afterwards
 * @throws CliError when the project can't be merged into, saying what mends it;
 *   nothing is changed then
 */
export async function withMerge<T>(
  input: MergeInput,
  use: (merge: ReadyMerge) => Promise<T>,
): Promise<T> {
  const tree = await openWorkTree(input.root, input.cwd ?? input.root)
  await requireNothingHalfDone(tree)
  if (!input.dryRun) await requireUnlocked(tree)
  if (!input.allowDirty) await requireClean(tree)
  return withObjects(tree, !input.dryRun, async (objects) => {
    if (!input.allowDirty) await requireNoneHidden(tree, objects)
    const merged = await mergeProject(tree, objects, input)
    const changes = changesOf(tree.files, merged)
    const refusal = await requireUntouched(tree, objects, changes).catch((error: unknown) => {
      if (input.dryRun && error instanceof CliError) return error.message
      throw error
    })
    return use({ ...readyMerge(tree, objects, merged, changes), ...(refusal && { refusal }) })
  })
}

function readyMerge(
  tree: WorkTree,
  objects: ObjectStore,
  merged: MergedProject,
  changes: readonly PathChange[],
): Omit<ReadyMerge, 'refusal'> {
  const files = [...merged.report.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1))
  return {
    outcome: { files, stale: merged.stale },
    prefix: tree.prefix,
    diff: () => diffCommand(tree, objects, changes),
    apply: (check = async () => {}) => applyChanges(tree, objects, changes, check),
  }
}

async function diffCommand(
  { top, prefix }: WorkTree,
  objects: ObjectStore,
  changes: readonly PathChange[],
): Promise<DiffCommand> {
  const side = (of: 'from' | 'to'): Entries =>
    new Map(changes.flatMap(({ path, [of]: entry }) => (entry ? [[path, entry] as const] : [])))
  const [before = '', after = ''] = await Promise.all(
    [side('from'), side('to')].map(objects.writeTree),
  )
  const below = prefix === '' ? [] : [`--relative=${prefix}`]
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/']
  const args = ['diff', '--no-ext-diff', '--find-renames', ...prefixes, ...below, before, after]
  return { args, cwd: top, env: objects.env }
}

function changesOf(files: Entries, merged: MergedProject): PathChange[] {
  const paths = new Set([...files.keys(), ...merged.files.keys()])
  return [...paths].toSorted().flatMap((path) => {
    const [from, to] = [files.get(path), merged.files.get(path)]
    const stages = merged.conflicts.get(path)
    if (from?.oid === to?.oid && from?.mode === to?.mode && !stages) return []
    return [{ path, from, to, ...(stages && { stages }) }]
  })
}
