import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CliError } from '../errors.ts'
import { errorCode } from '../repo/fs-error.ts'
import { parseRecord, RECORD_PATH } from '../repo/record.ts'
import type { RepoRecord } from '../repo/record.ts'

/** A generated repository: where it is, and what it was made from. */
export interface Found {
  readonly root: string
  readonly record: RepoRecord
}

/**
 * Finds the generated repository that a folder is in.
 *
 * @throws CliError with exit code 2 when it is in none; with 1 when the record
 *   is damaged or from a newer version
 */
export function findProject(cwd: string): Found {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const text = readIfThere(join(folder, RECORD_PATH))
    if (text !== undefined) return { root: folder, record: parseRecord(text) }
    if (folder === dirname(folder)) throw notOurs(cwd)
  }
}

/** The text of a file; nothing where there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errorCode(error) ?? '')) return undefined
    throw new CliError(`${path} can't be read: ${(error as Error).message}`, { cause: error })
  }
}

const notOurs = (cwd: string) =>
  new CliError(
    `${cwd} is in no repository that create-start-convex-auth made: ${RECORD_PATH} is neither there nor in a folder above.`,
    { exitCode: 2, fix: "Go into the app's folder and run it there." },
  )
