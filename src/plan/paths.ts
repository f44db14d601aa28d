import { CliError } from '../errors.ts'

// https://learn.microsoft.com/windows/win32/fileio/naming-a-file
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i

type Rule = readonly [problem: string, breaks: (path: string) => boolean]

const anySegment = (test: (segment: string) => boolean) => (path: string) =>
  path.split('/').some(test)

const RULES: readonly Rule[] = [
  ['is empty', (path) => path === ''],
  ['is absolute', (path) => path.startsWith('/') || /^[a-z]:/i.test(path)],
  ['has a backslash', (path) => path.includes('\\')],
  [
    'leaves its folder or has an empty part',
    anySegment((segment) => ['', '.', '..'].includes(segment)),
  ],
  ['is inside .git', (path) => /^\.git(?:\/|$)/i.test(path)],
  [
    'has a name that Windows refuses',
    anySegment(
      (segment) =>
        // oxlint-disable-next-line no-control-regex -- control characters are the point
        /[\0-\x1f<>:"|?*]|[. ]$/.test(segment) || WINDOWS_DEVICE.test(segment),
    ),
  ],
]

/**
 * Refuses a path that would leave the target, reach into `.git`, or can't exist
 * on every system.
 *
 * @throws {CliError}
 */
export function requireSafePath(path: string, layer: string): void {
  const rule = RULES.find(([, breaks]) => breaks(path))
  if (!rule) return
  throw new CliError(
    `Layer "${layer}" has a file that can't be written: ${JSON.stringify(path)} ${rule[0]}.`,
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
