import { portableWord } from '../shell.ts'
import { runProgram } from '../system/program.ts'
import type { ProgramResult, ProgramOptions } from '../system/program.ts'

/** What became of the first commit. */
export interface GitResult {
  readonly committed: boolean
  /** Why there is no commit, and what mends it. */
  readonly problem?: string
}

type Git = (...args: string[]) => Promise<ProgramResult>

/**
 * Makes a repository with one commit of everything in the folder. Never fails
 * the run: without git, inside another repository, without an identity or with
 * a hook that refuses, it says so.
 *
 * @param options - `files` are in the commit even where a .gitignore of the user's
 *   own names them, as many do with `.env`
 */
export async function firstCommit(
  options: ProgramOptions & { readonly files?: readonly string[] },
): Promise<GitResult> {
  const git: Git = (...args) =>
    runProgram('git', args, { ...options, env: { ...options.env, LC_ALL: 'C' } })
  const inside = await git('rev-parse', '--show-toplevel')
  if (inside.exitCode === undefined) {
    return without("git isn't on the PATH.")
  }
  if (inside.exitCode === 0) {
    const why = `the folder is in the repository ${inside.output.trim()} already.`
    return without(why + (await leftOut(git, options)))
  }
  if (!inside.output.includes('not a git repository')) {
    return without(`git says:\n${inside.output.trim()}`)
  }
  return (await initialize(git, options.files ?? [])) ?? (await commit(git))
}

/** What `git add` would leave out, by a .gitignore of the user's own, and the command that doesn't. */
async function leftOut(git: Git, { files = [] }: { files?: readonly string[] }): Promise<string> {
  const { stdout } = await git('check-ignore', '--', ...files)
  const paths = stdout.split('\n').filter((path) => path !== '')
  if (paths.length === 0) return ''
  const words = paths.map((path) => portableWord(path) ?? path)
  const shown = words.length > 5 ? `${words.slice(0, 5).join(' ')} …` : words.join(' ')
  return ` It ignores ${paths.length === 1 ? 'a file' : `${paths.length} files`} of the app: take what names them out of its .gitignore, or\ngit add --force ${shown}`
}

async function initialize(git: Git, files: readonly string[]): Promise<GitResult | undefined> {
  const branch = (await git('config', '--get', 'init.defaultBranch')).stdout.trim() || 'main'
  const steps = [
    // `init -b` is newer than some gits in use; an unknown setting is ignored.
    ['-c', `init.defaultBranch=${branch}`, 'init', '--quiet'],
    ['add', '--all'],
    ...(files.length > 0 ? [['--literal-pathspecs', 'add', '--force', '--', ...files]] : []),
  ]
  for (const step of steps) {
    const { exitCode, output } = await git(...step)
    if (exitCode !== 0) return without(`git says:\n${output.trim()}`)
  }
  return undefined
}

async function commit(git: Git): Promise<GitResult> {
  if (!(await hasIdentity(git))) {
    return without(
      "git doesn't know who you are. The files are staged; then:\n" +
        'git config --global user.name "Your Name"\n' +
        'git config --global user.email you@example.com\n' +
        'git commit -m "Initial commit"',
    )
  }
  const { exitCode, output } = await git('commit', '--quiet', '-m', 'Initial commit')
  if (exitCode === 0) return { committed: true }
  return without(
    `a hook or the signing of your git configuration refused it. git says:\n${output.trim()}\nThe files are staged. Once that is mended:\ngit commit -m "Initial commit"`,
  )
}

/** Both identities, given by the user and not guessed from the machine's name. */
async function hasIdentity(git: Git): Promise<boolean> {
  const asked = ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT'].map((identity) =>
    git('-c', 'user.useConfigOnly=true', 'var', identity),
  )
  return (await Promise.all(asked)).every(({ exitCode }) => exitCode === 0)
}

function without(reason: string): GitResult {
  return { committed: false, problem: `No first commit: ${reason}` }
}
