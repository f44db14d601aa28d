import { CliError } from '../errors.ts'

interface ErrorText {
  readonly message: (path: string) => string
  readonly fix?: string
}

const noPermission: ErrorText = {
  message: (path) => `${path} can't be written: permission denied.`,
  fix: 'Choose a directory that you may write to.',
}

const diskFull: ErrorText = {
  message: (path) => `${path} can't be written: the disk is full.`,
  fix: 'Free some space, then run the command again.',
}

const errorTexts: Readonly<Record<string, ErrorText>> = {
  EACCES: noPermission,
  EPERM: noPermission,
  EROFS: {
    message: (path) => `${path} can't be written: its disk is read-only.`,
    fix: 'Choose a directory on another disk.',
  },
  ENOSPC: diskFull,
  EDQUOT: {
    message: (path) => `${path} can't be written: your disk quota is used up.`,
    fix: 'Free some space, then run the command again.',
  },
  EFBIG: {
    message: (path) =>
      `${path} can't be written: it is over the limit that the system sets for a file.`,
    fix: 'Raise the limit (ulimit -f), then run the command again.',
  },
  EEXIST: {
    message: (path) => `${path} appeared in the meantime. It was left as it is.`,
    fix: 'Move it away, or choose another directory.',
  },
  ENAMETOOLONG: {
    message: (path) => `${path} can't be written: its name is too long.`,
    fix: 'Choose a shorter name, or a directory nearer to the root.',
  },
}

/** The code of a system error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

/** A file system's error as a sentence about the path that it happened at. */
export function fsError(error: unknown, path: string): CliError {
  const known = errorTexts[errorCode(error) ?? '']
  if (known) {
    return new CliError(known.message(path), {
      cause: error,
      ...(known.fix !== undefined && { fix: known.fix }),
    })
  }
  const reason = error instanceof Error ? error.message : String(error)
  return new CliError(`${path} can't be written: ${reason}`, { cause: error })
}
