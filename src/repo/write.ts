import {
  constants,
  copyFileSync,
  linkSync,
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
import { basename, dirname, join, normalize, resolve, sep } from 'node:path'
import { CliError } from '../errors.ts'
import type { Plan } from '../plan/types.ts'
import { errorCode, fsError } from './fs-error.ts'
import { Journal } from './journal.ts'
import { checkTarget, requirePassage } from './target.ts'

export { checkTarget } from './target.ts'

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
  checkTarget(path, newPaths(plan))
  const journal = new Journal()
  try {
    if (statSync(path, { throwIfNoEntry: false })) {
      fillFolder(plan, realpathSync(path), journal)
    } else {
      makeFolder(plan, path, journal)
    }
  } catch (error) {
    throw afterUndo(error, path, journal.undo())
  }
  return {
    target: path,
    files: plan.size,
    undo: (extra = []) => {
      requireInside(extra, path)
      const stayed = extra.flatMap((name) => removeAll(join(path, name)))
      return [...stayed, ...journal.undo()]
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

/** A new target: staged beside it, then renamed, so that it is there at once. */
function makeFolder(plan: Plan, target: string, journal: Journal): void {
  makeParents(dirname(target), journal)
  withStage(dirname(target), basename(target), (stage) => {
    // mkdtemp's folder is for its owner alone; one made in it has the usual mode.
    const content = join(stage, 'content')
    attempt(content, () => mkdirSync(content))
    stageFiles(plan, content, target)
    const folders = foldersOf(plan)
    try {
      renameSync(content, target)
    } catch (error) {
      // A virus scanner that holds a file keeps Windows from renaming its folder.
      if (!['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error) ?? '')) {
        throw fsError(error, target)
      }
      attempt(target, () => mkdirSync(target))
      journal.add(target, () => rmdirSync(target))
      return moveInto(plan, content, target, journal)
    }
    journal.add(target, () => rmdirSync(target))
    for (const folder of folders) removeLater(inside(target, folder), rmdirSync, journal)
    for (const path of plan.keys()) removeLater(inside(target, path), unlinkSync, journal)
  })
}

/** A target that is there: staged inside it, where the move stays on one disk. */
function fillFolder(plan: Plan, target: string, journal: Journal): void {
  withStage(target, basename(target), (stage) => {
    stageFiles(plan, stage, target)
    moveInto(plan, stage, target, journal)
  })
}

function makeParents(folder: string, journal: Journal): void {
  if (statSync(folder, { throwIfNoEntry: false })) return
  makeParents(dirname(folder), journal)
  attempt(folder, () => mkdirSync(folder))
  removeLater(folder, rmdirSync, journal)
}

function withStage(parent: string, name: string, use: (stage: string) => void): void {
  const prefix = join(parent, `.${name}.start-convex-auth-`)
  const stage = attempt(join(parent, name), () => mkdtempSync(prefix))
  try {
    use(stage)
  } finally {
    removeStage(stage)
  }
}

/** After a rename it is empty, and `rmSync` takes a millisecond to load. */
function removeStage(stage: string): void {
  try {
    rmdirSync(stage)
  } catch {
    rmSync(stage, { recursive: true, force: true })
  }
}

/**
 * Removes a file, or a folder with all that can be removed of it.
 *
 * @returns the paths that couldn't be
 */
function removeAll(path: string): readonly string[] {
  try {
    rmSync(path, { recursive: true, force: true })
    return []
  } catch {
    const stayed = namesIn(path).flatMap((name) => removeAll(join(path, name)))
    return stayed.length > 0 ? stayed : [path]
  }
}

function namesIn(path: string): readonly string[] {
  try {
    return lstatSync(path).isDirectory() ? readdirSync(path) : []
  } catch {
    return []
  }
}

function stageFiles(plan: Plan, stage: string, target: string): void {
  for (const folder of foldersOf(plan)) {
    attempt(inside(target, folder), () => mkdirSync(inside(stage, folder)))
  }
  for (const [path, { content, mode }] of plan) {
    attempt(inside(target, path), () =>
      writeFileSync(inside(stage, path), content, { mode, flag: 'wx' }),
    )
  }
}

/** A path of the plan in a folder. `join` would normalize what is normal, file by file. */
function inside(folder: string, path: string): string {
  return folder + sep + path
}

/** Every folder of the plan, parents first. */
function foldersOf(plan: Plan): readonly string[] {
  const folders = new Set<string>()
  const add = (path: string) => {
    const end = path.lastIndexOf('/')
    if (end < 0 || folders.has(path.slice(0, end))) return
    add(path.slice(0, end))
    folders.add(path.slice(0, end))
  }
  for (const path of plan.keys()) add(path)
  return [...folders]
}

function moveInto(plan: Plan, stage: string, target: string, journal: Journal): void {
  for (const path of foldersOf(plan)) {
    const folder = inside(target, path)
    if (makeFolderIn(folder, target)) removeLater(folder, rmdirSync, journal)
  }
  for (const [path, { content, present }] of plan) {
    const file = inside(target, path)
    if (present !== undefined) {
      attempt(file, () => replaceText(file, present, String(content)))
      journal.add(file, () => replaceText(file, String(content), present))
      continue
    }
    attempt(file, () => placeFile(inside(stage, path), file))
    removeLater(file, unlinkSync, journal)
  }
}

/** The paths of a plan that must be free. */
export const newPaths = (plan: Plan): string[] =>
  [...plan].flatMap(([path, { present }]) => (present === undefined ? [path] : []))

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
    removeStage(folder)
  }
}

/** @returns whether it wasn't there before */
function makeFolderIn(folder: string, root: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw fsError(error, normalize(folder))
    requirePassage(normalize(folder), root, normalize(folder))
    return false
  }
}

/** Moves a file, and fails where there is one already; a rename would replace it. */
function placeFile(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw error
    // Not every file system has hard links.
    copyFileSync(from, to, constants.COPYFILE_EXCL)
  }
}

function removeLater(path: string, remove: (path: string) => void, journal: Journal): void {
  journal.add(path, () => remove(path))
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw fsError(error, normalize(path))
  }
}

function afterUndo(error: unknown, target: string, left: readonly string[]): CliError {
  const reason = error instanceof CliError ? error : fsError(error, target)
  const rest =
    left.length === 0
      ? 'Nothing was left behind.'
      : `What was written before couldn't all be removed: ${left.join(', ')}.`
  return new CliError(`${reason.message} ${rest}`, {
    exitCode: reason.exitCode,
    cause: reason.cause,
    ...(reason.fix !== undefined && { fix: reason.fix }),
  })
}
