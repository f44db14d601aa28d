import {
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { CliError } from '../errors.ts'
import type { Plan } from '../plan/types.ts'
import { checkTarget, fsError, requirePassage } from './target.ts'

/** A plan that was written, and can be taken back. */
export interface WriteResult {
  /** The absolute path. */
  readonly target: string
  /** How many files were written. */
  readonly files: number
  /**
   * Removes what was written: its files, and the folders made for them that
   * are empty then. Everything else stays.
   *
   * @param extra - names in the target that a later step made, such as
   *   `node_modules`, to remove as a whole; the caller knows that they weren't
   *   there before
   * @returns the paths that couldn't be removed
   */
  readonly undo: (extra?: readonly string[]) => readonly string[]
}

/**
 * Writes a plan: first beside its place, then in one move. Either all of it is
 * there afterwards, or nothing; a file that was there is never overwritten, and what the plan
 * adds to one (`present`) is taken back with the rest.
 *
 * It is synchronous, so a signal can't come between its steps, provided that
 * the caller has handlers for SIGINT, SIGTERM and SIGHUP: without one, the
 * system ends the process at once and the staged files stay. Install the
 * handlers before, wait for two `setImmediate`s after (the first may come
 * before the event loop looks for signals), and call `undo` if one arrived.
 *
 * @throws CliError when the target can't take the plan (see `checkTarget`) or
 *   the file system refuses; what was written by then is removed
 */
export function writePlan(plan: Plan, target: string): WriteResult {
  const path = resolve(target)
  requireInside(plan.keys(), path)
  checkTarget(path, plan)
  const journal: Change[] = []
  try {
    const isNew = !statSync(path, { throwIfNoEntry: false })
    if (isNew) makeParents(dirname(path), journal)
    stageAndMove(plan, isNew ? path : realpathSync(path), isNew, journal)
  } catch (error) {
    const { message, exitCode, cause, fix } = fsError(error, path)
    const stayed = revertAll(journal)
    const rest =
      stayed.length === 0
        ? 'Nothing was left behind.'
        : `What was written before couldn't all be removed: ${stayed.join(', ')}.`
    throw new CliError(`${message} ${rest}`, { exitCode, cause, fix })
  }
  return {
    target: path,
    files: plan.size,
    undo: (extra = []) => {
      requireInside(extra, path)
      return [...extra.flatMap((name) => removeAll(join(path, name))), ...revertAll(journal)]
    },
  }
}

// An empty, `.` or `..` part, the root, or a drive of Windows.
const LEAVES = /(?:^|[\\/])\.{0,2}(?:[\\/]|$)|^[a-z]:/i

function requireInside(paths: Iterable<string>, target: string): void {
  for (const path of paths) {
    if (!LEAVES.test(path)) continue
    throw new CliError(`${path} is outside of ${target}; it is not written.`)
  }
}

/** Something that was done to the file system. */
interface Change {
  readonly path: string
  readonly revert: (path: string) => void
}

/**
 * Takes everything back, the last first; a folder that holds something else by now stays.
 *
 * @returns the paths that couldn't be removed
 */
function revertAll(journal: Change[]): string[] {
  const stayed = journal
    .splice(0)
    .toReversed()
    .filter(({ path, revert }) => {
      try {
        // Removed by someone else, or in use by someone else: as it should be.
        attempt(path, () => revert(path), ['ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST'])
        return false
      } catch {
        return true
      }
    })
  return stayed.map(({ path }) => path)
}

/**
 * Removes a file, or a folder with all that can be removed of it.
 *
 * @returns the paths that couldn't be
 */
function removeAll(path: string): readonly string[] {
  let names: readonly string[] = []
  try {
    rmSync(path, { recursive: true, force: true })
    return []
  } catch {
    // Then what is in it, if it is a folder of ours and no link to another one.
  }
  try {
    if (lstatSync(path).isDirectory()) names = readdirSync(path)
  } catch {
    // Then it stays with all that is in it.
  }
  const stayed = names.flatMap((name) => removeAll(join(path, name)))
  return stayed.length > 0 ? stayed : [path]
}

function makeParents(folder: string, journal: Change[]): void {
  if (statSync(folder, { throwIfNoEntry: false })) return
  makeParents(dirname(folder), journal)
  attempt(folder, () => mkdirSync(folder))
  journal.push({ path: folder, revert: rmdirSync })
}

/**
 * Writes all files into a folder of ours, then moves them to the target. A new one is staged
 * beside it, and is there at once; one that is there, inside it, where the move stays on one disk.
 */
function stageAndMove(plan: Plan, target: string, isNew: boolean, journal: Change[]): void {
  const prefix = join(isNew ? dirname(target) : target, `.${basename(target)}.start-convex-auth-`)
  let stage = ''
  attempt(target, () => (stage = mkdtempSync(prefix)))
  try {
    // mkdtemp's folder is for its owner alone; one made in it has the usual mode.
    const content = join(stage, 'content')
    stageFiles(plan, content, target)
    // A virus scanner that holds a file keeps Windows from renaming its folder.
    const busy = ['EPERM', 'EACCES', 'EBUSY']
    if (!isNew || !attempt(target, () => renameSync(content, target), busy)) {
      return moveInto(plan, content, target, journal)
    }
    const folders = foldersOf(plan).map((name) => ({ path: join(target, name), revert: rmdirSync }))
    const files = [...plan.keys()].map((name) => ({ path: join(target, name), revert: unlinkSync }))
    journal.push(...folders, ...files)
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

function stageFiles(plan: Plan, stage: string, target: string): void {
  for (const folder of foldersOf(plan)) {
    attempt(join(target, folder), () => mkdirSync(join(stage, folder)))
  }
  for (const [path, { content, mode }] of plan) {
    attempt(join(target, path), () =>
      writeFileSync(join(stage, path), content, { mode, flag: 'wx' }),
    )
  }
}

/** Every folder of the plan, parents first: the one that holds all, too. */
function foldersOf(plan: Plan): readonly string[] {
  const folders = new Set([''])
  for (const path of plan.keys()) {
    for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
      folders.add(path.slice(0, end))
    }
  }
  return [...folders]
}

function moveInto(plan: Plan, stage: string, target: string, journal: Change[]): void {
  for (const name of foldersOf(plan)) {
    const path = join(target, name)
    if (attempt(path, () => mkdirSync(path), ['EEXIST'])) journal.push({ path, revert: rmdirSync })
    else requirePassage(path, target, path)
  }
  for (const [name, { content, present }] of plan) {
    const path = join(target, name)
    if (present === undefined) {
      // A rename would replace a file that is there by now.
      attempt(path, () => copyFileSync(join(stage, name), path, constants.COPYFILE_EXCL))
      journal.push({ path, revert: unlinkSync })
    } else {
      attempt(path, () => replaceText(path, present, String(content)))
      journal.push({ path, revert: () => replaceText(path, String(content), present) })
    }
  }
}

/**
 * Replaces a file's text in one move, with its mode.
 *
 * @throws when somebody has changed it in the meantime
 */
function replaceText(file: string, from: string, to: string): void {
  if (readFileSync(file, 'utf8') !== from) throw new Error(`${file} has changed in the meantime.`)
  const folder = mkdtempSync(`${file}.`)
  try {
    const copy = join(folder, basename(file))
    writeFileSync(copy, to, { mode: statSync(file).mode })
    renameSync(copy, file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Does something at a path.
 *
 * @param excused - codes of errors that are no failure
 * @returns whether it was done
 * @throws CliError what else the file system says of it
 */
function attempt(path: string, action: () => void, excused: readonly string[] = []): boolean {
  try {
    action()
    return true
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (excused.includes(code)) return false
    throw fsError(error, path)
  }
}
