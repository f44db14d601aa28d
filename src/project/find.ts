import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CliError } from '../errors.ts'
import { parseRecord, RECORD_PATH } from '../repo/record.ts'
import type { RepoRecord } from '../repo/record.ts'
import { typedPath } from '../shell.ts'

/** A generated repository: where it is, and what it was made from. */
export interface ProjectRoot {
  readonly root: string
  readonly record: RepoRecord
}

/**
 * Finds the generated repository that a folder is in.
 *
 * @param typedIn - the folder in which commands are typed that mend it
 * @throws CliError with exit code 2 when it is in none; with 1 when the record
 *   is damaged or from a newer version
 */
export function findProject(cwd: string, typedIn = cwd): ProjectRoot {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const text = readIfThere(join(folder, RECORD_PATH))
    if (text !== undefined) {
      return {
        root: folder,
        record: parseRecord(text, typedPath(typedIn, join(folder, RECORD_PATH))),
      }
    }
    if (folder === dirname(folder)) throw notOurs(cwd)
  }
}

/** The text of a file, in whatever Unicode an editor or PowerShell saved it; nothing where there is none. */
export function readIfThere(path: string): string | undefined {
  return decodedFile(path)?.text
}

/** How a file is saved, where that isn't plain UTF-8. */
export function strangeEncoding(path: string): string | undefined {
  return decodedFile(path)?.encoding
}

function decodedFile(path: string): { text: string; encoding?: string } | undefined {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code)) return undefined
    throw new CliError(`${path} can't be read: ${message}`, { cause: error })
  }
  const mark = bytes.toString('hex', 0, 3)
  // An ASCII letter has an empty half in UTF-16, and text has no NUL otherwise.
  if (mark.startsWith('fffe') || bytes[1] === 0) {
    return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'UTF-16' }
  }
  if (mark.startsWith('feff') || bytes[0] === 0) {
    return { text: new TextDecoder('utf-16be').decode(bytes), encoding: 'UTF-16' }
  }
  const text = new TextDecoder().decode(bytes)
  return mark === 'efbbbf' ? { text, encoding: 'UTF-8 with a byte order mark' } : { text }
}

const notOurs = (cwd: string) =>
  new CliError(
    `${cwd} isn't in an app that create-start-convex-auth made: neither it nor a folder above has ${RECORD_PATH}.`,
    { exitCode: 2, fix: "Run it in the app's folder." },
  )
