import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { templates } from 'virtual:templates'
import type { Layer } from './layer.ts'
import { layerFromPacked } from './pack.ts'
import type { PackedLayer } from './pack.ts'

/**
 * The layers that come with the generator, in the order they are laid: the base first.
 *
 * @param directory - where the build put `layers.json`
 */
export function builtinLayers(directory: string): readonly Layer[] {
  const packed = JSON.parse(
    readFileSync(join(directory, 'layers.json'), 'utf8'),
  ) as readonly PackedLayer[]
  return packed.map((layer) => layerFromPacked(layer, templates))
}
