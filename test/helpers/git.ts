import { execFileSync } from 'node:child_process'

/** A git repository with a commit, by somebody who has told git their name. */
export interface GitRepository {
  readonly root: string
  /** Answers standard output. */
  readonly git: (...args: readonly string[]) => string
  /** Commits everything. */
  readonly commit: (message: string, ...flags: readonly string[]) => void
}

const SOMEBODY = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost']

/** Makes a folder a repository, with all that is in it in one commit. */
export function gitRepository(root: string): GitRepository {
  const git = (...args: readonly string[]) =>
    execFileSync('git', [...SOMEBODY, ...args], { cwd: root, encoding: 'utf8' })
  const commit = (message: string, ...flags: readonly string[]) => {
    git('add', '--all')
    git('commit', '--quiet', '--allow-empty', '-m', message, ...flags)
  }
  git('init', '--quiet')
  commit('First')
  return { root, git, commit }
}
