import { CliError } from '../errors.ts'

/**
 * Refuses paths that differ only in case, or where one's folder is another's file.
 *
 * @throws {CliError}
 */
export function requireDistinctPaths(paths: readonly string[]): void {
  const seen = new Map(paths.map((path) => [path.toLowerCase(), path]))
  for (const path of paths) {
    const twin = seen.get(path.toLowerCase())
    if (twin !== path) {
      throw new CliError(
        `${path} and ${twin} differ only in case: macOS and Windows have one file for both.`,
        { fix: 'Rename one of them in its layer.' },
      )
    }
    for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
      const file = seen.get(path.slice(0, end).toLowerCase())
      if (file === undefined) continue
      throw new CliError(`${file} is a file, and ${path} needs it as a folder.`)
    }
  }
}
