import { distance } from 'fastest-levenshtein'

/** 1: it failed, 2: wrong usage, 128 + n: ended by signal n, 130 (SIGINT) also when cancelled. */
export type ExitCode = 1 | 2 | 129 | 130 | 131 | 143 | 149

interface CliErrorOptions {
  exitCode?: ExitCode | undefined
  /** The command or the edit that mends it. */
  fix?: string | undefined
  /** Further fields of the document of `--json`. */
  details?: Readonly<Record<string, unknown>> | undefined
  cause?: unknown
}

/** An error for people: says what is wrong and where, and `fix` what mends it. */
export class CliError extends Error {
  override name = 'CliError'
  readonly exitCode: ExitCode
  readonly fix: string | undefined
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(message: string, options: CliErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.exitCode = options.exitCode ?? 1
    this.fix = options.fix
    this.details = options.details
  }
}

const QUOTA = /EDQUOT|disk ?quota ?exceeded/i

/** Whether a program says that it can't write because its user has no space left. */
export const isUsedUpQuota = (output: string): boolean => QUOTA.test(output)

/** Whether a program says that it can't write because there is no space. Bun says NoSpaceLeft. */
export const isFullDisk = (output: string): boolean =>
  QUOTA.test(output) ||
  // Linux says the same where it can't watch more files.
  /ENOSPC(?!: System limit)|no ?space ?left|out of diskspace/i.test(output)

/** @param what - such as `x.tgz couldn't be unpacked` */
export const fullDisk = (what: string): CliError =>
  new CliError(`${what}: the disk is full.`, { fix: 'Free some space, then run it again.' })

/** What the system says of a file, as an error for people. */
export function fileSystemError(error: unknown): CliError {
  const { code = '', message = String(error), path, syscall } = error as NodeJS.ErrnoException
  if (syscall === 'uv_cwd') {
    return new CliError("The folder that this was started in isn't there any more.", {
      fix: 'Go to one that is: cd',
      cause: error,
    })
  }
  const what = `${path ?? 'A file'} can't be written`
  if (isFullDisk(code)) return fullDisk(what)
  if (code === 'EFBIG') {
    return new CliError(`${what}: it is over the limit that the system sets for a file.`, {
      fix: 'Raise the limit (ulimit -f), then run it again.',
      cause: error,
    })
  }
  return new CliError(message, { cause: error })
}

/** The names by how near they are to the one that was given, the nearest first. */
export function nearestFirst(given: string, names: readonly string[]): readonly string[] {
  const far = (name: string) => distance(given.toLowerCase(), name.toLowerCase())
  return names.toSorted((a, b) => far(a) - far(b))
}

/**
 * The known name that a mistyped one most likely means.
 *
 * @returns nothing when none is near enough to be worth offering
 */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const [best = ''] = nearestFirst(given, known)
  const allowed = Math.min(3, Math.max(given.length, best.length) / 2)
  return distance(given.toLowerCase(), best.toLowerCase()) <= allowed ? best : undefined
}
