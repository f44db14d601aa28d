import type { Layer, SelectedLayer } from './layer.ts'

/** What a user can add or remove by its name: a layer, or a choice of one. */
export interface LayerFeature {
  readonly name: string
  readonly title: string
  readonly layer: Layer
  /** The choice; nothing for a layer that is taken as a whole. */
  readonly choice?: string
}

/** What the layers have to offer beyond the base, which is always there. */
export function offeredFeatures([, ...layers]: readonly Layer[]): LayerFeature[] {
  return layers.flatMap((layer): LayerFeature[] => {
    const { title, choices = {} } = layer.manifest
    const parts = Object.entries(choices)
    if (layer.source !== 'builtin' || parts.length === 0)
      return [{ name: layer.name, title, layer }]
    return parts.map(([name, choice]) => ({ name, title: choice.title, layer, choice: name }))
  })
}

export function hasFeature(
  selected: readonly SelectedLayer[],
  { layer, choice }: LayerFeature,
): boolean {
  const taken = selected.find(
    (one) => one.layer.name === layer.name && one.layer.source === layer.source,
  )
  return taken !== undefined && (choice === undefined || taken.choices.includes(choice))
}

/**
 * Takes features, or leaves them out; the layers come out in one order,
 * whatever order they went in.
 *
 * @param order - the layers that come with the generator, in the order they are laid
 */
export function selectFeatures(
  selected: readonly SelectedLayer[],
  order: readonly Layer[],
  change: { readonly added?: readonly LayerFeature[]; readonly removed?: readonly LayerFeature[] },
): SelectedLayer[] {
  const { added = [], removed = [] } = change
  const names = [
    ...order.map(({ name }) => name),
    ...selected.map(({ layer }) => layer.name),
    ...added.map(({ layer }) => layer.name),
  ]
  return [...new Set(names)].flatMap((name) => {
    const present = selected.find(({ layer }) => layer.name === name)
    const layer = present?.layer ?? added.find((feature) => feature.layer.name === name)?.layer
    const isOf = (feature: LayerFeature) => feature.layer.name === name
    const gone = removed.filter(isOf)
    if (!layer || gone.some(({ choice }) => choice === undefined)) return []
    const known = Object.keys(layer.manifest.choices ?? {})
    const choices = known.filter(
      (choice) =>
        !gone.some((feature) => feature.choice === choice) &&
        (present?.choices.includes(choice) ||
          added.filter(isOf).some((feature) => feature.choice === choice || !feature.choice)),
    )
    return known.length > 0 && choices.length === 0 ? [] : [{ layer, choices }]
  })
}
