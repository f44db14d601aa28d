/** The names by how much they share with the one asked for, the most first. */
export function nearestFirst(asked: string, names: readonly string[]): readonly string[] {
  const pairs = (text: string) =>
    new Set([...text.toLowerCase()].map((c, i, all) => c + (all[i + 1] ?? '')))
  const wanted = pairs(asked)
  const shared = (name: string) => [...pairs(name)].filter((pair) => wanted.has(pair)).length
  return names.toSorted((a, b) => shared(b) - shared(a))
}
