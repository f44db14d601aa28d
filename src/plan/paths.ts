import { CliError } from '../errors.ts'

type Rule = readonly [problem: string, broken: RegExp]

const RULES: readonly Rule[] = [
  ['is empty', /^$/],
  ['is absolute', /^\/|^[a-z]:/i],
  ['has a backslash', /\\/],
  ['leaves its folder or has an empty part', /(?:^|\/)\.{0,2}(?:\/|$)/],
  ['is inside .git', /^\.git(?:\/|$)/i],
  [
    // https://learn.microsoft.com/windows/win32/fileio/naming-a-file
    'has a name that Windows refuses',
    // oxlint-disable-next-line no-control-regex -- control characters are the point
    /[\0-\x1f<>:"|?*]|[. ](?:\/|$)|(?:^|\/)(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:[./]|$)/i,
  ],
]

// All rules as one: it is asked for every file, and says no for all but a few.
const BROKEN = new RegExp(RULES.map(([, { source }]) => source).join('|'), 'i')

/**
 * Refuses a path that would leave the target, reach into `.git`, or can't exist
 * on every system.
 *
 * @throws {CliError}
 */
export function requireSafePath(path: string, layer: string): void {
  if (!BROKEN.test(path)) return
  const problem = RULES.find(([, broken]) => broken.test(path))?.[0]
  throw new CliError(
    `Layer "${layer}" has a file that can't be written: ${JSON.stringify(path)} ${problem}.`,
    { fix: 'Rename it in the layer.' },
  )
}

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
    const parts = path.toLowerCase().split('/')
    for (let n = 1; n < parts.length; n++) {
      const file = seen.get(parts.slice(0, n).join('/'))
      if (file === undefined) continue
      throw new CliError(`${file} is a file, and ${path} needs it as a folder.`)
    }
  }
}
