/**
 * Patterns of TRUSTED_ORIGINS that are no list of one's own sites: `*`,
 * `https://*`, `*.com`. A wildcard has to stand before a domain of two parts.
 *
 * @param value - patterns, with commas between them
 */
export function tooWideOrigins(value: string | undefined): string[] {
  const patterns = (value ?? '').split(',').map((pattern) => pattern.trim())
  return patterns.filter((pattern) => {
    const host = pattern.replace(/^[^/]*:\/\//, '').replace(/[:/].*$/, '')
    const fixed = host.split('.').filter((label) => label !== '' && !/[*?]/.test(label))
    return /[*?]/.test(host) && fixed.length < 2
  })
}
