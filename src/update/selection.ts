import { CliError } from '../errors.ts'
import type { Layer, SelectedLayer } from '../layers/layer.ts'
import type { LayerOrigin } from '../layers/source.ts'
import type { PlanInput } from '../plan/types.ts'
import type { RecordedLayer, RepoRecord } from '../repo/record.ts'

/** What a record names, as this version has it. */
export interface Selection {
  readonly layers: readonly SelectedLayer[]
  /** What this version doesn't have any more: `discord`, or `social` with all its choices. */
  readonly dropped: readonly string[]
}

/**
 * A record with the names that its choices have by now.
 *
 * @param names - old → new
 * @returns as `names`, those of them that it has
 */
export function withNewNames(
  record: RepoRecord,
  names: ReadonlyMap<string, string>,
): { renamed: RepoRecord; names: readonly (readonly [old: string, now: string])[] } {
  const renames = ({ origin, choices }: RecordedLayer) =>
    origin ? [] : [...names].filter(([old]) => choices.includes(old))
  const layers = record.layers.map((layer) => {
    const own = new Map(renames(layer))
    return { ...layer, choices: layer.choices.map((choice) => own.get(choice) ?? choice) }
  })
  return { renamed: { ...record, layers }, names: record.layers.flatMap(renames) }
}

/**
 * The layers that a record names.
 *
 * @param builtin - the layers of this version
 * @param fetch - gets somebody else's layer
 * @throws what `fetch` throws
 */
export async function selectRecorded(
  { layers }: RepoRecord,
  builtin: readonly Layer[],
  fetch: (origin: LayerOrigin) => Promise<Layer>,
): Promise<Selection> {
  const selected: SelectedLayer[] = []
  const dropped: string[] = []
  for (const recorded of layers) {
    const { name, choices, origin } = recorded
    const layer = origin ? await fetch(origin) : builtin.find((known) => known.name === name)
    const known = Object.keys(layer?.manifest.choices ?? {})
    const taken = choices.filter((choice) => known.includes(choice))
    if (layer && (taken.length > 0 || choices.length === 0))
      selected.push({ layer, choices: taken })
    dropped.push(...missing(recorded, layer, known))
  }
  return { layers: selected, dropped }
}

function missing(
  { name, choices }: RecordedLayer,
  layer: Layer | undefined,
  known: readonly string[],
): readonly string[] {
  return layer ? choices.filter((choice) => !known.includes(choice)) : [name]
}

/**
 * The same, where nothing may be missing.
 *
 * @throws CliError that names what is
 */
export async function selectAll(
  record: RepoRecord,
  builtin: readonly Layer[],
  fetch: (origin: LayerOrigin) => Promise<Layer>,
): Promise<readonly SelectedLayer[]> {
  const { layers, dropped } = await selectRecorded(record, builtin, fetch)
  const fix = 'Bring .start-convex-auth.json back from git, if it was edited by hand.'
  if (dropped.length > 0) {
    throw new CliError(`The record has what this version doesn't know: ${dropped.join(', ')}.`, {
      fix,
    })
  }
  const partless = layers.find(
    ({ layer: { source, manifest }, choices }) =>
      source === 'builtin' && manifest.choices !== undefined && choices.length === 0,
  )
  if (!partless) return layers
  throw new CliError(`The record has "${partless.layer.name}" with none of its choices.`, { fix })
}

/** What the plan of a record depends on, but for its layers. No secret: what holds one is local. */
export const recordedInput = ({ options }: RepoRecord, version: string): PlanInput => ({
  name: options.name,
  port: options.port,
  packageManager: options.packageManager,
  pinnedPackageManager: options.pinnedPackageManager,
  secret: '',
  generatorVersion: version,
})
