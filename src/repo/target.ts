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
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { CliError } from '../errors.ts'
import type { Plan } from '../plan/types.ts'

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
 * @throws CliError when the target is no directory, can't be written to, or
 *   holds what the plan would overwrite (names that differ only in case are
 *   the same to macOS and Windows); when a path leaves the target by a link
 */
export function checkTarget(target: string, plan: Plan): void {
  const path = resolve(target)
  if (writableFolder(path) !== path) return
  const added = [...plan].flatMap(([name, { present }]) => (present === undefined ? [name] : []))
  const conflictAt = findConflict(realpathSync(path))
  const taken = added.flatMap((name) => {
    const there = conflictAt(name)
    return there === undefined || there === name ? (there ?? []) : `${there} (by ${name})`
  })
  if (taken.length === 0) return
  const more = taken.length > 3 ? [`${taken.length - 3} more`] : []
  const names = [...taken.slice(0, 3), ...more]
  const list = [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ')
  throw new CliError(`${path} has files that would be overwritten: ${list}.`, {
    fix: 'Move them away, or choose another directory.',
  })
}

type PathKind = 'nothing' | 'folder' | 'file' | 'dangling link'

function kindOf(path: string): PathKind {
  const own = lstatSync(path, { throwIfNoEntry: false })
  if (!own) return 'nothing'
  const followed = statSync(path, { throwIfNoEntry: false })
  if (!followed) return 'dangling link'
  return followed.isDirectory() ? 'folder' : 'file'
}

const noFolder: Partial<Record<PathKind, readonly [problem: string, fix: string]>> = {
  file: ['is a file, not a directory.', 'Choose another directory.'],
  'dangling link': [
    "is a link to something that isn't there.",
    'Remove the link, or choose another directory.',
  ],
}

/**
 * The path, or the nearest folder above it that is there.
 *
 * @throws CliError when it is no folder, or nothing can be written in it
 */
function writableFolder(path: string): string {
  let folder = path
  try {
    while (kindOf(folder) === 'nothing' && folder !== dirname(folder)) folder = dirname(folder)
    const [problem, fix] = noFolder[kindOf(folder)] ?? []
    if (problem) throw new CliError(`${folder} ${problem}`, { fix })
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw fsError(error, path)
  }
  return folder
}

/**
 * Looks for what takes the place of a path of the plan in a folder, by the name
 * that it has there; looks at each directory once.
 */
function findConflict(root: string): (path: string) => string | undefined {
  const listings = new Map<string, readonly string[]>()
  return (path) => {
    const segments = path.split('/')
    let folder = root
    for (const [index, segment] of segments.entries()) {
      const names = listings.get(folder) ?? readdirSync(folder)
      listings.set(folder, names)
      const isSame = (name: string) => name.toLowerCase() === segment.toLowerCase()
      const name = names.includes(segment) ? segment : names.find(isSame)
      if (name === undefined) return undefined
      folder = join(folder, name)
      if (index < segments.length - 1) requirePassage(folder, root, path)
    }
    return relative(root, folder).split(sep).join('/')
  }
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
  const way = relative(realpathSync(root), realpathSync(folder))
  // On Windows, the way to another drive is an absolute path.
  if (way.split(sep)[0] === '..' || isAbsolute(way)) {
    throw new CliError(
      `${folder} is a link that leaves the target: ${path} would be written outside.`,
      { fix: 'Remove the link, or choose another directory.' },
    )
  }
}

const noPermission = ['permission denied.', 'Choose a directory that you may write to.'] as const
const freeSpace = 'Free some space, then run the command again.'

/** What a file system's code says, and what mends it. */
const writeProblems: Readonly<Record<string, readonly [reason: string, fix: string]>> = {
  EACCES: noPermission,
  EPERM: noPermission,
  EROFS: ['its disk is read-only.', 'Choose a directory on another disk.'],
  ENOSPC: ['the disk is full.', freeSpace],
  EDQUOT: ['your disk quota is used up.', freeSpace],
  EFBIG: [
    'it is over the limit that the system sets for a file.',
    'Raise the limit (ulimit -f), then run the command again.',
  ],
  ENOENT: ['the system takes no new files there.', 'Choose another directory.'],
  ENOTDIR: ['a part of the path is a file, not a directory.', 'Choose another directory.'],
  ELOOP: ['its links lead in a circle.', 'Remove them, or choose another directory.'],
  ENAMETOOLONG: [
    'its name is too long.',
    'Choose a shorter name, or a directory nearer to the root.',
  ],
}

/** A file system's error as a sentence about the path that it happened at; an error of ours as it is. */
export function fsError(error: unknown, path: string): CliError {
  if (error instanceof CliError) return error
  const { code = '', message = String(error) } = error as Partial<NodeJS.ErrnoException>
  if (code === 'EEXIST') {
    return new CliError(`${path} appeared in the meantime. It was left as it is.`, {
      cause: error,
      fix: 'Move it away, or choose another directory.',
    })
  }
  const [reason, fix] = writeProblems[code] ?? [message]
  return new CliError(`${path} can't be written: ${reason}`, { cause: error, fix })
}
