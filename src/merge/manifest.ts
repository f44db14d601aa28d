import type { Json, JsonObject } from '../layers/layer.ts'
import { isObject } from '../plan/formats.ts'

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const

/** The template's two sides of a package.json. */
export interface TemplateManifests {
  readonly base: JsonObject
  readonly theirs: JsonObject
}

/**
 * The template's sides with each dependency in the group where the user has it, so that what
 * becomes of it there is merged, and it doesn't come back to the other group.
 */
export function inOwnGroups(
  ours: JsonObject,
  { base, theirs }: TemplateManifests,
): TemplateManifests {
  const moves = GROUPS.flatMap((from) => {
    const names = new Set([base, theirs].flatMap((side) => Object.keys(groupOf(side, from))))
    const gone = [...names].filter((name) => !(name in groupOf(ours, from)))
    return gone.flatMap((name) => {
      const isOwn = (group: string) =>
        name in groupOf(ours, group) && ![base, theirs].some((side) => name in groupOf(side, group))
      const to = GROUPS.find(isOwn)
      return to === undefined ? [] : [{ name, from, to }]
    })
  })
  const follow = (side: JsonObject) => moves.reduce(moveDependency, side)
  return { base: follow(base), theirs: follow(theirs) }
}

const groupOf = (manifest: JsonObject, group: string): JsonObject => {
  const value = manifest[group]
  return isObject(value) ? value : {}
}

function moveDependency(
  manifest: JsonObject,
  { name, from, to }: { readonly name: string; readonly from: string; readonly to: string },
): JsonObject {
  const { [name]: version, ...rest } = groupOf(manifest, from)
  if (version === undefined) return manifest
  const entries: [string, Json][] = [...Object.entries(groupOf(manifest, to)), [name, version]]
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { ...manifest, [from]: rest, [to]: Object.fromEntries(sorted) }
}
