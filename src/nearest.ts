import { distance } from 'fastest-levenshtein'

/** The names by how near they are to the one that was given, the nearest first. */
export function nearestFirst(given: string, names: readonly string[]): readonly string[] {
  const far = (name: string) => distance(given.toLowerCase(), name.toLowerCase())
  return names.toSorted((a, b) => far(a) - far(b))
}

/**
 * The known name that a mistyped one most likely means.
 *
 * @returns nothing when none is near enough to be worth offering
 */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const [best = ''] = nearestFirst(given, known)
  const allowed = Math.min(3, Math.max(given.length, best.length) / 2)
  return distance(given.toLowerCase(), best.toLowerCase()) <= allowed ? best : undefined
}
