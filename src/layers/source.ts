import { isAbsolute, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliError } from '../errors.ts'

/** A layer that doesn't come with the generator, and which state of it was taken. */
export interface LayerOrigin {
  /** What `--layer` understands; a folder is named as seen from the repository. */
  readonly source: string
  /** The commit that a repository was at. */
  readonly commit?: string
  readonly digest: string
}

/**
 * The absolute path of a source that is a folder; nothing where it is none.
 *
 * @param cwd - what a relative folder is relative to
 * @throws CliError with exit code 2 when it is a `file:` URL of no folder here
 */
export function localFolder(source: string, cwd: string): string | undefined {
  try {
    if (/^file:/i.test(source)) return fileURLToPath(source)
  } catch (cause) {
    throw new CliError(`${source} is not the address of a folder here.`, {
      exitCode: 2,
      cause,
    })
  }
  return /^(?:[./\\]|[a-z]:[/\\])/i.test(source) ? resolve(cwd, source) : undefined
}

/**
 * A source as seen from a repository: a folder beside it is found by everybody who has both.
 *
 * @param cwd - what a relative folder was relative to
 */
export function sourceFrom(root: string, source: string, cwd: string): string {
  const folder = localFolder(source, cwd)
  if (folder === undefined) return source
  const path = relative(root, folder)
  // On another drive of Windows.
  if (isAbsolute(path)) return path
  const portable = path.split(sep).join('/')
  return /^\.\.?(?:\/|$)/.test(portable) ? portable : `./${portable}`
}

/** The source that answers with the commit that was recorded, whatever its branch has now. */
export function pinnedSource({ source, commit }: Omit<LayerOrigin, 'digest'>): string {
  if (commit === undefined) return source
  // Of git, a folder stands behind the branch: `git:https://host/repository#branch:folder`.
  const [, address = '', folder = ''] = /^([^#]*)(?:#[^:]*(:.*)?)?$/.exec(source) ?? []
  return `${address}#${commit}${folder}`
}
