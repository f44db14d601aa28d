import { isOlder } from '../project/versions.ts'

/** What moving a project to a version asks for, beside the merge: the changelog's "Moving a project". */
export interface Release {
  readonly version: string
  /** What somebody has to do, in Markdown. */
  readonly steps: readonly string[]
  /** Renamed files: old path → new path. */
  readonly files: Readonly<Record<string, string>>
  /** Renamed choices: old name → new name. */
  readonly choices: Readonly<Record<string, string>>
}

/** The releases after one version, up to another, the oldest first. */
export function releasesBetween(
  releases: readonly Release[],
  after: string,
  upTo: string,
): readonly Release[] {
  return releases
    .filter(({ version }) => isOlder(after, version) && !isOlder(upTo, version))
    .toSorted((a, b) => (isOlder(a.version, b.version) ? -1 : 1))
}

/**
 * Where names have gone over several releases, the oldest first: what was
 * renamed twice has its last name.
 */
export function renamesOver(
  renames: readonly Readonly<Record<string, string>>[],
): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const step of renames) {
    for (const [old, now] of names) {
      const next = step[now]
      if (next !== undefined) names.set(old, next)
    }
    for (const [old, now] of Object.entries(step)) if (!names.has(old)) names.set(old, now)
  }
  return names
}
