/**
 * The known word that a mistyped one most likely means.
 *
 * @returns nothing when none is near enough to be worth offering
 */
export async function nearest(
  given: string,
  known: readonly string[],
): Promise<string | undefined> {
  if (known.length === 0) return undefined
  const { closest, distance } = await import('fastest-levenshtein')
  const lower = given.toLowerCase()
  const best = closest(lower, [...known])
  const allowed = Math.min(3, Math.max(lower.length, best.length) / 2)
  return distance(lower, best) <= allowed ? best : undefined
}
