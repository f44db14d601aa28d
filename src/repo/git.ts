import { spawn } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { CliError, fullDisk, isFullDisk } from '../errors.ts'

/** How git ended. */
export interface GitOutput {
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: string
}

export interface GitOptions {
  /** What it reads on standard input. */
  readonly input?: string | Buffer
  readonly env?: Readonly<Record<string, string>>
  /** Exit codes that are no failure. */
  readonly accept?: readonly number[]
}

/** Git in a folder of a work tree. */
export type GitRunner = (args: readonly string[], options?: GitOptions) => Promise<GitOutput>

// What would make a file of the repository's own, wait for somebody, or run something of theirs.
const OWN_SETTINGS = [
  'core.splitIndex=false',
  'core.fsmonitor=false',
  'core.quotePath=false',
  'core.hooksPath=/dev/null',
]

/**
 * Git in a folder.
 *
 * @throws CliError with git's own words where it fails, or isn't on the PATH
 */
export const gitIn =
  (cwd: string): GitRunner =>
  async (args, options = {}) => {
    const { accept = [0] } = options
    const output = await runGit(cwd, args, options)
    if (accept.includes(output.exitCode)) return output
    if (isFullDisk(output.stderr) || isFullAt(cwd, output.stderr)) {
      throw fullDisk(`\`git ${args[0]}\` can't write`)
    }
    throw new CliError(`\`git ${args[0]}\` failed. git says:\n${firstLines(output.stderr)}`)
  }

/** git doesn't always say why it can't write a file. */
function isFullAt(folder: string, words: string): boolean {
  if (!words.includes('unable to write')) return false
  const { bavail, blocks, bsize } = statfsSync(folder)
  // Some file systems know no size.
  return blocks > 0 && bavail * bsize < 64 * 1024
}

function firstLines(text: string): string {
  const lines = text.trim().split('\n')
  const more = lines.length > 6 ? [`… and ${lines.length - 5} more lines`] : []
  return [...lines.slice(0, more.length > 0 ? 5 : 6), ...more].join('\n')
}

function runGit(
  cwd: string,
  args: readonly string[],
  { input, env }: GitOptions,
): Promise<GitOutput> {
  const settings = OWN_SETTINGS.flatMap((setting) => ['-c', setting])
  const child = spawn('git', [...settings, ...args], {
    cwd,
    env: { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', ...env },
    // In a group of its own: Ctrl-C is ours to answer, when git has done its step.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  child.stdin.on('error', () => {}).end(input)
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? noGit(error) : error),
    )
    child.once('close', (code, signal) =>
      resolve({
        exitCode: code ?? -1,
        stdout: Buffer.concat(out),
        stderr: signal ? `It was ended by ${signal}.` : String(Buffer.concat(err)),
      }),
    )
  })
}

const noGit = (cause: unknown) =>
  new CliError("git isn't on the PATH, and what is there is merged by git.", {
    fix: 'Install it from https://git-scm.com/downloads, then run the command again.',
    cause,
  })

/** What `-z` prints: the parts between the NULs. */
export const partsOfZ = (output: Buffer): string[] =>
  String(output)
    .split('\0')
    .filter((part) => part !== '')

/** A file's content as git would write it to the work tree, by the user's attributes. */
export const checkedOut = async (git: GitRunner, path: string, oid: string): Promise<Buffer> =>
  (await git(['cat-file', '--filters', `--path=${path}`, oid])).stdout
