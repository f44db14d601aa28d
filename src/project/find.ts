import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CliError } from '../errors.ts'
import { errorCode } from '../repo/fs-error.ts'
import { parseRecord, RECORD_PATH } from '../repo/record.ts'
import type { RepoRecord } from '../repo/record.ts'

/** A generated repository: where it is, and what it was made from. */
export interface ProjectRoot {
  readonly root: string
  readonly record: RepoRecord
}

/**
 * Finds the generated repository that a folder is in.
 *
 * @throws CliError with exit code 2 when it is in none; with 1 when the record
 *   is damaged or from a newer version
 */
export function findProject(cwd: string): ProjectRoot {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const text = readIfThere(join(folder, RECORD_PATH))
    if (text !== undefined) return { root: folder, record: parseRecord(text) }
    if (folder === dirname(folder)) throw notOurs(cwd)
  }
}

/** The text of a file, in whatever Unicode an editor or PowerShell saved it; nothing where there is none. */
export function readIfThere(path: string): string | undefined {
  const bytes = bytesIfThere(path)
  if (bytes === undefined) return undefined
  const isSwapped = bytes[0] === 0xfe && bytes[1] === 0xff
  const encoding = encodingOf(bytes) === 'UTF-16' ? 'utf-16le' : 'utf-8'
  return new TextDecoder(encoding).decode(isSwapped ? Buffer.from(bytes).swap16() : bytes)
}

/** How a file is saved, where that isn't plain UTF-8. */
export function strangeEncoding(path: string): string | undefined {
  return encodingOf(bytesIfThere(path) ?? Buffer.alloc(0))
}

function encodingOf(bytes: Buffer): string | undefined {
  const [first, second, third] = bytes
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  // An ASCII letter has an empty half in UTF-16, and text has no NUL otherwise.
  if (isMarked || second === 0) return 'UTF-16'
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'UTF-8 with a byte order mark'
  return undefined
}

function bytesIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errorCode(error) ?? '')) return undefined
    throw new CliError(`${path} can't be read: ${(error as Error).message}`, { cause: error })
  }
}

const notOurs = (cwd: string) =>
  new CliError(
    `${cwd} isn't in an app that create-start-convex-auth made: neither it nor a folder above has ${RECORD_PATH}.`,
    { exitCode: 2, fix: "Run it in the app's folder." },
  )
