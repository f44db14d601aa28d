import { CliError } from '../errors.ts'

type PathRule = readonly [problem: string, broken: RegExp]

const PATH_RULES: readonly PathRule[] = [
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

/**
 * Refuses a path that would leave the target, reach into `.git`, or can't exist
 * on every system.
 *
 * @throws {CliError}
 */
export function requireSafePath(path: string, layer: string): void {
  const problem = PATH_RULES.find(([, broken]) => broken.test(path))?.[0]
  if (problem === undefined) return
  throw new CliError(
    `Layer "${layer}" has a file that can't be written: ${JSON.stringify(path)} ${problem}.`,
    { fix: 'Rename it in the layer.' },
  )
}

/** Where a file of a layer lands in the repository: `NAME.hbs` is rendered to `NAME`. */
export const outputPath = (source: string): string => source.replace(/\.hbs$/, '')
