import { isUtf8 } from 'node:buffer'
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { CliError } from '../errors.ts'
import { fsError } from './fs-error.ts'

const elsewhere = 'Choose another directory.'

/**
 * What a repository of the user's has in some of its files; nothing where the folder is none.
 *
 * @param paths - files that may be there
 * @returns path → text; a link, and what is no text, is left to `checkTarget` to refuse
 */
export function readPresent(target: string, paths: readonly string[]): Map<string, string> {
  const present = new Map<string, string>()
  if (!existsSync(join(target, '.git'))) return present
  for (const path of paths) {
    const file = join(target, path)
    if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) continue
    const bytes = readFileSync(file)
    if (isUtf8(bytes)) present.set(path, bytes.toString())
  }
  return present
}

/**
 * Says whether a plan can be written to a target, and writes nothing.
 *
 * Files that the plan doesn't name (`.git`, a LICENSE) may be in it.
 *
 * @param paths - the plan's paths
 * @throws CliError when the target is no directory, can't be written to, or
 *   holds what the plan would overwrite (names that differ only in case are
 *   the same to macOS and Windows); when a path leaves the target by a link
 */
export function checkTarget(target: string, paths: Iterable<string>): void {
  const path = resolve(target)
  const found = kindOf(path)
  if (found === 'nothing') return requireWritable(existingAncestor(path), path)
  requireFolder(found, path)
  requireWritable(path, path)
  const folder = realpathSync(path)
  const taken = [...paths].filter(findConflict(folder))
  if (taken.length > 0) throw wouldOverwrite(path, taken)
}

type PathKind = 'nothing' | 'folder' | 'file' | 'dangling link'

function kindOf(path: string): PathKind {
  const own = lstatSync(path, { throwIfNoEntry: false })
  if (!own) return 'nothing'
  const followed = statSync(path, { throwIfNoEntry: false })
  if (!followed) return 'dangling link'
  return followed.isDirectory() ? 'folder' : 'file'
}

function requireFolder(kind: PathKind, path: string): void {
  if (kind === 'file') {
    throw new CliError(`${path} is a file, not a directory.`, {
      fix: elsewhere,
    })
  }
  if (kind === 'dangling link') {
    throw new CliError(`${path} is a link to something that isn't there.`, {
      fix: `Remove the link, or choose another directory.`,
    })
  }
}

/** The nearest directory above a path that is there. */
function existingAncestor(path: string): string {
  const parent = dirname(path)
  let kind: PathKind
  try {
    kind = kindOf(parent)
  } catch (error) {
    throw fsError(error, path)
  }
  if (kind === 'nothing' && parent !== path) return existingAncestor(parent)
  requireFolder(kind, parent)
  return parent
}

function requireWritable(folder: string, path: string): void {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw fsError(error, path)
  }
}

/**
 * A test of whether a path of the plan is taken in a folder, which looks at
 * each directory once.
 */
function findConflict(root: string): (path: string) => boolean {
  const listings = new Map<string, readonly string[]>()
  const list = (folder: string) => {
    const known = listings.get(folder) ?? readdirSync(folder)
    listings.set(folder, known)
    return known
  }
  return (path) => {
    const segments = path.split('/')
    let folder = root
    for (const [index, segment] of segments.entries()) {
      const name = sameName(list(folder), segment)
      if (name === undefined) return false
      if (index === segments.length - 1) return true
      folder = join(folder, name)
      requirePassage(folder, root, path)
    }
    return true
  }
}

function sameName(names: readonly string[], wanted: string): string | undefined {
  if (names.includes(wanted)) return wanted
  const lower = wanted.toLowerCase()
  return names.find((name) => name.toLowerCase() === lower)
}

/**
 * A folder that a path of the plan runs through.
 *
 * @throws CliError when it is no folder, or a link that leaves the root
 */
export function requirePassage(folder: string, root: string, path: string): void {
  if (kindOf(folder) !== 'folder') {
    throw new CliError(`${folder} is in the way: ${path} needs a directory there.`, {
      fix: 'Move it away, or choose another directory.',
    })
  }
  if (!isInside(realpathSync(folder), realpathSync(root))) {
    throw new CliError(
      `${folder} is a link that leaves the target: ${path} would be written outside.`,
      { fix: 'Remove the link, or choose another directory.' },
    )
  }
}

/** Whether an absolute path is a root or below it. */
function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

function wouldOverwrite(target: string, taken: readonly string[]): CliError {
  const shown = taken.slice(0, 3)
  const others = taken.length - shown.length
  const names = [...shown, ...(others > 0 ? [`${others} more`] : [])]
  const list =
    names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  return new CliError(`${target} has files that would be overwritten: ${list}.`, {
    fix: 'Move them away, or choose another directory.',
  })
}
