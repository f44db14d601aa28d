import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CliError } from '../errors.ts'
import { commitCommands, pathspecOf, typedPath } from '../shell.ts'
import { gitIn, partsOfZ } from './git.ts'
import type { GitRunner } from './git.ts'
import { RECORD_PATH } from './record.ts'

/** A file as git has it. */
export interface Entry {
  /** Such as `100644`. */
  readonly mode: string
  readonly oid: string
}

export type Entries = ReadonlyMap<string, Entry>

/** A generated repository in git, at its last commit. */
export interface WorkTree {
  /** Runs in the topmost folder of the work tree. */
  readonly git: GitRunner
  /** Absolute: the project's folder, and the topmost one. */
  readonly root: string
  readonly top: string
  /** From the topmost folder to the project: `apps/web/`, or nothing. */
  readonly prefix: string
  /** The commit. */
  readonly head: string
  /** What the project has in it; paths are from its folder. */
  readonly files: Entries
  /** A path in git's folder. */
  readonly gitPath: (name: string) => string
  /** The same for a command that the user is to type, and a path of the project for one. */
  readonly shownGitPath: (name: string) => string
  readonly shownPath: (path: string) => string
  /** What names the project in a command that commits; nothing where it is the whole repository. */
  readonly ownPath: string
}

const OLDEST_GIT = [2, 38] as const

/**
 * Opens the repository that a project is in, for a merge.
 *
 * @param cwd - where the user is
 * @throws CliError where git is missing or too old, there is no commit with the
 *   project in it, or something else is under way; it names what mends it
 */
export async function openWorkTree(root: string, cwd: string): Promise<WorkTree> {
  const git = gitIn(root)
  await requireVersion(git)
  const { cdup, prefix, gitDir } = await locate(git, root, cwd)
  const gitPath = (name: string) => join(gitDir, name)
  requireNothingUnderWay(gitPath)
  const ownPath = prefix === '' ? '' : typedPath(cwd, root)
  const head = await headCommit(git, ownPath)
  const top = resolve(root, cdup)
  const files = await filesAt(git, head, prefix)
  if (!files.has(RECORD_PATH)) throw await notCommitted(git, { root, cwd, ownPath })
  const shownGitPath = (name: string) => typedPath(cwd, gitPath(name))
  const shownPath = (path: string) => typedPath(cwd, join(root, path))
  const shown = { shownGitPath, shownPath, ownPath }
  return { git: gitIn(top), root, top, prefix, head, files, gitPath, ...shown }
}

async function requireVersion(git: GitRunner): Promise<void> {
  const version = String((await git(['version'])).stdout).trim()
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version) ?? []).map(Number)
  if (major > OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor >= OLDEST_GIT[1])) return
  throw new CliError(
    `This is ${version}, and merging without touching your files needs git ${OLDEST_GIT.join('.')} or newer.`,
    { fix: 'Update it: https://git-scm.com/downloads' },
  )
}

async function locate(git: GitRunner, root: string, cwd: string) {
  const asked = ['--is-inside-work-tree', '--git-dir', '--show-cdup', '--show-prefix']
  const { exitCode, stdout, stderr } = await git(['rev-parse', ...asked], { accept: [0, 128] })
  const [inside, gitDir = '', cdup = '', prefix = ''] = String(stdout).split('\n')
  if (inside === 'false') {
    throw new CliError(`${root} is in a bare git repository, which has no files to merge into.`, {
      fix: 'Clone it, and run the command in the clone.',
    })
  }
  if (exitCode === 0) return { cdup, prefix, gitDir: resolve(root, gitDir) }
  if (!stderr.includes('not a git repository')) {
    throw new CliError(`git can't read the repository of ${root}. It says:\n${stderr.trim()}`)
  }
  throw new CliError(
    `${root} is in no git repository. Its last commit is what your work is merged from, and the way back.`,
    { fix: [initCommand(root, cwd), ...commitBefore('')].join('\n') },
  )
}

const initCommand = (root: string, cwd: string) =>
  root === cwd ? 'git init' : `git init ${typedPath(cwd, root)}`

const commitBefore = (ownPath: string) => commitCommands('Before the merge', ownPath)

/** What git leaves in its folder as long as something isn't done, and the ways out of it. */
const UNDER_WAY = [
  ['MERGE_HEAD', 'merge', 'git merge --continue, or git merge --abort'],
  ['rebase-merge', 'rebase', 'git rebase --continue, or git rebase --abort'],
  ['rebase-apply/applying', 'am', 'git am --continue, or git am --abort'],
  ['rebase-apply', 'rebase', 'git rebase --continue, or git rebase --abort'],
  ['CHERRY_PICK_HEAD', 'cherry-pick', 'git cherry-pick --continue, or git cherry-pick --abort'],
  ['REVERT_HEAD', 'revert', 'git revert --continue, or git revert --abort'],
  // Between two of several commits.
  ['sequencer', 'cherry-pick or revert', 'git status tells which, and how to go on'],
  ['BISECT_LOG', 'bisect', 'git bisect reset'],
] as const

function requireNothingUnderWay(gitPath: (name: string) => string): void {
  const found = UNDER_WAY.find(([name]) => existsSync(gitPath(name)))
  if (!found) return
  const [, what, ways] = found
  throw new CliError(`A git ${what} is under way here.`, { fix: `End it first: ${ways}` })
}

async function headCommit(git: GitRunner, ownPath: string): Promise<string> {
  const { exitCode, stdout } = await git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], {
    accept: [0, 1, 128],
  })
  if (exitCode === 0) return String(stdout).trim()
  throw new CliError(
    'The git repository has no commit yet. The last one is what your work is merged from, and the way back.',
    { fix: commitBefore(ownPath).join('\n') },
  )
}

/** The files of a commit, or of a tree, below a folder. */
export async function filesAt(git: GitRunner, commit: string, prefix: string): Promise<Entries> {
  const tree = prefix === '' ? commit : `${commit}:${prefix.slice(0, -1)}`
  const { exitCode, stdout } = await git(['ls-tree', '-r', '-z', '--full-tree', tree], {
    accept: [0, 128],
  })
  // The folder isn't in the commit.
  if (exitCode !== 0) return new Map()
  return new Map(partsOfZ(stdout).map(parseEntry))
}

/** `100644 blob OID<tab>path` */
function parseEntry(line: string): [path: string, entry: Entry] {
  const tab = line.indexOf('\t')
  const [mode = '', , oid = ''] = line.slice(0, tab).split(' ')
  return [line.slice(tab + 1), { mode, oid }]
}

async function notCommitted(
  git: GitRunner,
  { root, cwd, ownPath }: { readonly cwd: string } & Pick<WorkTree, 'root' | 'ownPath'>,
): Promise<CliError> {
  const { exitCode } = await git(['check-ignore', '--quiet', RECORD_PATH], { accept: [0, 1, 128] })
  if (exitCode === 0) {
    return new CliError(`The git repository that ${root} is in ignores it.`, {
      fix: [
        'Take it out of the .gitignore, or give it a repository of its own:',
        initCommand(root, cwd),
        ...commitBefore(''),
      ].join('\n'),
    })
  }
  return new CliError(
    `The app in ${root} isn't in the last commit. That is what your work is merged from, and the way back.`,
    { fix: commitBefore(ownPath).join('\n') },
  )
}

/**
 * Refuses changes that no commit has: the way back would lose them.
 *
 * @throws CliError that names some of them
 */
export async function requireClean({ git, prefix, files, ownPath }: WorkTree): Promise<void> {
  const { stdout } = await git([
    'status',
    '--porcelain',
    '-z',
    '--untracked-files=no',
    '--ignore-submodules=dirty',
    '--no-renames',
    ...(prefix === '' ? [] : ['--', pathspecOf(prefix)]),
  ])
  // What is in a submodule stays there; which commit of it is staged does not.
  const isWithin = (line: string) =>
    line.startsWith(' ') && files.get(line.slice(3 + prefix.length))?.mode === '160000'
  const changes = partsOfZ(stdout).filter((line) => !isWithin(line))
  if (changes.length === 0) return
  const unmerged = changes.filter((line) => /^(?:U.|.U|AA|DD)/.test(line))
  const paths = (unmerged.length > 0 ? unmerged : changes).map((line) => line.slice(3))
  if (unmerged.length > 0) {
    throw new CliError(`There are conflicts that are not resolved: ${listPaths(paths)}.`, {
      fix: 'Resolve them, git add them and commit, then run the command again.',
    })
  }
  throw new CliError(`There are changes that are not committed: ${listPaths(paths)}.`, {
    fix: [
      'Commit them first, so that nothing of them can be lost:',
      ...commitCommands('Work in progress', ownPath),
      'Or --allow-dirty, which leaves these files as they are.',
    ].join('\n'),
  })
}

/** Some of the paths, for a sentence. */
export function listPaths(paths: readonly string[]): string {
  const shown = paths.slice(0, 5)
  const others = paths.length - shown.length
  return [...shown, ...(others > 0 ? [`and ${others} more`] : [])].join(', ')
}
