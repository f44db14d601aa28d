import coerce from 'semver/functions/coerce.js'
import lt from 'semver/functions/lt.js'
import satisfies from 'semver/functions/satisfies.js'
import valid from 'semver/functions/valid.js'

/** Whether a text is a whole version, such as `1.2.3`. */
export const isVersion = (text: string): boolean => valid(text) !== null

/**
 * Whether one version comes before another; of what is no version, nothing is known.
 *
 * @param than - may lack its last parts: `22.12`
 */
export function isOlder(version: string, than: string): boolean {
  const bound = coerce(than, { includePrerelease: true })
  return isVersion(version) && bound !== null && lt(version, bound)
}

/**
 * Whether a version is in a range, such as `^1.2.0 || >=2.1 <3`; a pre-release
 * is in every range whose bounds it keeps.
 *
 * @see https://github.com/npm/node-semver#ranges
 */
export function fits(version: string, range: string): boolean {
  return satisfies(version, range, { includePrerelease: true })
}
