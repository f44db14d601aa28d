/**
 * Versions and ranges as npm writes them. Our own, because the semver package
 * would be 4 % of the download: pre-releases are compared as text, and are in
 * every range whose bounds they keep.
 */

/** Whether one version comes before another. */
export function isOlder(version: string, than: string): boolean {
  return compareVersions(version, than) < 0
}

function compareVersions(left: string, right: string): number {
  const [a, b] = [parseVersion(left), parseVersion(right)]
  for (const index of [0, 1, 2]) {
    const difference = (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0)
    if (difference !== 0) return difference
  }
  if (a.tag === b.tag) return 0
  if (!a.tag || !b.tag) return a.tag ? -1 : 1
  return a.tag < b.tag ? -1 : 1
}

function parseVersion(version: string): { numbers: number[]; tag: string } {
  const [, numbers = '', tag = ''] = /^[v=]*([\d.]+)(?:-([\w.-]+))?/.exec(version) ?? []
  return { numbers: numbers.split('.').filter(Boolean).map(Number), tag }
}

/**
 * Whether a version is in a range, such as `^1.2.0 || >=2.1 <3`.
 *
 * @see https://github.com/npm/node-semver#ranges
 */
export function fits(version: string, range: string): boolean {
  return range.split('||').some((part) => {
    const hyphen = /^\s*(\S+)\s+-\s+(\S+)\s*$/.exec(part)
    const bounds = hyphen
      ? [`>=${hyphen[1]}`, `<=${hyphen[2]}`]
      : part
          .replaceAll(/([<>=~^])\s+/g, '$1')
          .trim()
          .split(/\s+/)
    return bounds.every((bound) => keeps(version, bound))
  })
}

/** Whether a version keeps one bound: `^1.2`, `>=2`, `1.x`, `*`. */
function keeps(version: string, bound: string): boolean {
  const [, sign = '', rest = ''] = /^([<>]=?|[~^=])?v?(.*)$/.exec(bound) ?? []
  const wanted = rest.replace(/(?:^|\.)[x*].*$/i, '')
  if (wanted === '') return sign !== '<'
  const { numbers } = parseVersion(wanted)
  const isWhole = numbers.length === 3
  const isBelow = (index: number) => compareVersions(version, `${next(numbers, index)}-0`) < 0
  if (sign === '<') return isOlder(version, wanted)
  if (sign === '<=') return isWhole ? !isOlder(wanted, version) : isBelow(numbers.length - 1)
  if (sign === '>') return isWhole ? isOlder(wanted, version) : !isBelow(numbers.length - 1)
  if (isOlder(version, wanted)) return false
  if (sign === '>=') return true
  // The first part that isn't 0 may not change, or with ~ the second.
  const first = numbers.findIndex((number) => number > 0)
  if (sign === '^') return isBelow(first < 0 ? numbers.length - 1 : first)
  if (sign === '~') return isBelow(Math.min(1, numbers.length - 1))
  return isWhole ? compareVersions(version, wanted) === 0 : isBelow(numbers.length - 1)
}

/** The least version beyond a part: of 1.2.3, 2.0.0 beyond the first. */
function next(numbers: readonly number[], index: number): string {
  const raised = [0, 1, 2].map((at) =>
    at > index ? 0 : (numbers[at] ?? 0) + (at === index ? 1 : 0),
  )
  return raised.join('.')
}
