import {
  copyFileSync,
  existsSync,
  lstatSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { CliError, fileSystemError } from '../errors.ts'
import { restoreCommand } from '../shell.ts'
import { checkedOut, partsOfZ } from './git.ts'
import { indexLines } from './objects.ts'
import type { ObjectStore } from './objects.ts'
import { RECORD_PATH } from './record.ts'
import { editedPaths, requireUntouched } from './untouched.ts'
import type { PathChange } from './untouched.ts'
import type { Entries, Entry, WorkTree } from './work-tree.ts'

/** In git's folder while a merge is written: its paths, as `--pathspec-from-file` reads them. */
const JOURNAL = 'start-convex-auth-paths'
const PATHSPEC = ':(top,literal)'
/** There as long as a git writes the index. */
const LOCK = 'index.lock'

/**
 * Refuses to go on where an earlier run was stopped half way.
 *
 * @throws CliError with the command that takes it back
 */
export async function requireNothingHalfDone(tree: WorkTree): Promise<void> {
  const journal = tree.gitPath(JOURNAL)
  if (!existsSync(journal)) return
  const touched = readFileSync(journal, 'utf8')
    .split('\n')
    .map((line) => line.slice(PATHSPEC.length))
  const args = ['status', '--porcelain', '-z', '--untracked-files=no', '--no-renames']
  const status = partsOfZ((await tree.git(args)).stdout)
  const changed = status.filter((line) => touched.includes(line.slice(3)))
  // It comes last: where it is as it was staged, so is all the rest.
  const isWhole = changed.includes(`M  ${tree.prefix}${RECORD_PATH}`)
  if (changed.length > 0 && !isWhole) throw halfDone(tree)
  rmSync(journal, { force: true })
}

/**
 * Waits for another git that is at work here, such as an editor's.
 *
 * @throws CliError when it holds the index for longer than a git that runs does
 */
export async function requireUnlocked({ gitPath, shownGitPath }: WorkTree): Promise<void> {
  for (let tries = 0; existsSync(gitPath(LOCK)); tries++) {
    if (tries === 20) {
      throw new CliError('Another git holds the index of the repository, or was stopped.', {
        fix: `If none is running: rm ${shownGitPath(LOCK)}`,
      })
    }
    await setTimeout(100)
  }
}

function halfDone(tree: WorkTree, reason?: CliError): CliError {
  const message =
    reason?.message ?? 'An earlier run was stopped while it changed files: they are half done.'
  return new CliError(message, {
    exitCode: reason?.exitCode ?? 1,
    fix: [
      ...(reason?.fix === undefined ? [] : [reason.fix]),
      'If no other run is at work, this makes them what they are in the last commit:',
      ...(existsSync(tree.gitPath(LOCK)) ? [`rm ${tree.shownGitPath(LOCK)}`] : []),
      restoreCommand(`--pathspec-from-file=${tree.shownGitPath(JOURNAL)}`),
    ].join('\n'),
    cause: reason,
  })
}

/**
 * Makes the changes, in git's index and in the files: all of them, or none. The
 * record comes last, so what isn't whole is never taken for done. Whatever
 * stops it in between, the journal tells the next run, and the index has every
 * path by then, so that `git restore` finds it.
 *
 * @param check - throws when the run was cancelled
 * @throws CliError when something fails; the files are what they were, or `fix`
 *   has the command
 */
export async function applyChanges(
  tree: WorkTree,
  objects: ObjectStore,
  changes: readonly PathChange[],
  check: () => Promise<void>,
): Promise<void> {
  if (changes.length === 0) return
  await check()
  const journal = await openJournal(tree, objects, changes)
  try {
    await writeIndex(tree, changes)
  } catch (error) {
    rmSync(journal, { force: true })
    throw asTheyWere(error)
  }
  try {
    await writeFiles(tree, objects, changes)
    await check()
  } catch (error) {
    await takeBack(tree, objects, changes, error)
  }
  rmSync(journal, { force: true })
  // It saves the next git some work; a disk that is full by now has all the rest.
  await tree.git(['update-index', '-q', '--refresh'], { accept: [0, 1, 128] })
}

/** It shuts out another run, which may have written since this one has looked. */
async function openJournal(
  tree: WorkTree,
  objects: ObjectStore,
  changes: readonly PathChange[],
): Promise<string> {
  const journal = tree.gitPath(JOURNAL)
  const lines = changes.map(({ path }) => `${PATHSPEC}${tree.prefix}${path}\n`)
  try {
    writeFileSync(journal, lines.join(''), { flag: 'wx' })
    await requireUntouched(tree, objects, changes)
    return journal
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw anotherRun()
    // A full disk leaves a part of it.
    rmSync(journal, { force: true })
    throw error
  }
}

const anotherRun = () =>
  new CliError('Another run is changing files here.', {
    fix: 'Let it end, then run the command again.',
  })

/** One step for git: it writes another index and puts it in the place of the present one. */
async function writeIndex(tree: WorkTree, changes: readonly PathChange[]): Promise<void> {
  // All are taken out first: a folder may take a file's place, and what was in conflict has no
  // other way back to one entry.
  const absent = changes.map(({ path, from, to }) => {
    const none = '0'.repeat((from ?? to)?.oid.length ?? 40)
    return `0 ${none}\t${tree.prefix}${path}\0`
  })
  const present = changes.map((change) => indexEntries(change, tree.prefix))
  const input = [...absent, ...present].join('')
  await tree.git(['update-index', '-z', '--index-info'], { input })
}

function indexEntries({ path, to, stages }: PathChange, prefix: string): string {
  if (!stages) return to ? indexLines(new Map([[path, to]]), prefix) : ''
  const lines = Object.entries(stages).map(
    ([stage, { mode, oid }]) => `${mode} ${oid} ${stage}\t${prefix}${path}\0`,
  )
  return lines.join('')
}

async function writeFiles(
  tree: WorkTree,
  objects: ObjectStore,
  changes: readonly PathChange[],
): Promise<void> {
  for (const { path, to } of changes) if (!to) removeFile(tree.root, path)
  const written = changes.flatMap(({ path, to }) => (to ? [[path, to] as const] : []))
  const others = written.filter(([path]) => path !== RECORD_PATH)
  await checkOut(tree, objects, new Map(others))
  const record = written.find(([path]) => path === RECORD_PATH)
  if (record) await replaceRecord(tree, record[1])
}

/** In one step: git would take it away first, and without it the next run finds no app. */
async function replaceRecord({ git, root, prefix, gitPath }: WorkTree, { oid }: Entry) {
  const content = await checkedOut(git, prefix + RECORD_PATH, oid)
  const written = gitPath('start-convex-auth-record')
  try {
    writeFileSync(written, content)
    renameSync(written, join(root, RECORD_PATH))
  } catch (error) {
    // Git's folder may be on another disk.
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    copyFileSync(written, join(root, RECORD_PATH))
  } finally {
    rmSync(written, { force: true })
  }
}

/** Writes files as git does, with the line ends and filters that the user's attributes ask for. */
async function checkOut(
  { git }: WorkTree,
  { temporaryIndex }: ObjectStore,
  entries: Entries,
): Promise<void> {
  if (entries.size === 0) return
  const env = { GIT_INDEX_FILE: await temporaryIndex(entries) }
  await git(['checkout-index', '--all', '--force', '--quiet'], { env })
}

function removeFile(root: string, path: string): void {
  try {
    unlinkSync(join(root, path))
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    // Of a folder, Linux says EISDIR and macOS EPERM: there the file hasn't been written yet.
    const isFolder = lstatSync(join(root, path), { throwIfNoEntry: false })?.isDirectory()
    if (!isFolder && !['ENOENT', 'ENOTDIR'].includes(code)) throw error
  }
  removeEmptyFolders(root, dirname(path))
}

/** As git does: a folder goes with its last file. */
function removeEmptyFolders(root: string, folder: string): void {
  if (folder === '.') return
  try {
    rmdirSync(join(root, folder))
  } catch {
    return
  }
  removeEmptyFolders(root, dirname(folder))
}

/** Makes index and files what they were, and throws what had stopped the run. */
async function takeBack(
  tree: WorkTree,
  objects: ObjectStore,
  changes: readonly PathChange[],
  error: unknown,
): Promise<never> {
  try {
    const back = changes.map(({ path, from, to }) => ({ path, from: to, to: from }))
    // What couldn't be written can't be written now, and needn't.
    const changed = await editedPaths(tree, objects, changes)
    await writeFiles(
      tree,
      objects,
      back.filter(({ path, to }) => !to || changed.has(path)),
    )
    await writeIndex(tree, back)
    rmSync(tree.gitPath(JOURNAL), { force: true })
  } catch {
    throw halfDone(tree, reasonOf(error))
  }
  throw asTheyWere(error)
}

const reasonOf = (error: unknown): CliError =>
  error instanceof CliError ? error : fileSystemError(error)

function asTheyWere(error: unknown): CliError {
  const { message, exitCode, fix } = reasonOf(error)
  return new CliError(`${message}\nYour files are as they were.`, { exitCode, fix, cause: error })
}
