import { CliError } from '../errors.ts'
import type { ExitCode } from '../errors.ts'
import { hasFeature, offeredFeatures, selectFeatures } from '../layers/features.ts'
import type { LayerFeature } from '../layers/features.ts'
import type { Layer } from '../layers/layer.ts'
import type { Flags } from '../options/questions.ts'
import { namesIn, readApp, requireFeatures } from './app.ts'
import { changeLayers } from './change-layers.ts'
import type { Context } from './context.ts'

/**
 * Takes features out of the repository that this folder is in; what the user
 * edited of them stays.
 *
 * @returns 1 when there are conflicts
 * @throws CliError when a name isn't known, or the repository can't be merged into
 */
export async function remove(flags: Flags, context: Context): Promise<void | ExitCode> {
  const names = namesIn(flags)
  const app = await readApp(context, ['remove', ...names])
  const others = app.layers.map(({ layer }) => layer).filter(({ source }) => source !== 'builtin')
  const [base, ...builtin] = context.builtin
  // What is somebody else's is meant first: the app has it, maybe since before we had that name.
  const known = offeredFeatures([base as Layer, ...others, ...builtin])
  const isThere = (feature: LayerFeature) => hasFeature(app.layers, feature)
  if (names.length === 0) throw nothingToRemove(known.filter(isThere))
  const wanted = requireFeatures(names, known)
  const changed = wanted.filter(isThere)
  const unchanged = wanted.filter((feature) => !changed.includes(feature))
  const layers = selectFeatures(app.layers, context.builtin, { removed: changed })
  return changeLayers(app, { verb: 'remove', layers, changed, unchanged }, flags, context)
}

const nothingToRemove = (present: readonly LayerFeature[]) =>
  new CliError('Missing: what to remove.', {
    exitCode: 2,
    fix:
      present.length === 0
        ? 'There is nothing that could go.'
        : `Name it: ${present.map(({ name }) => name).join(', ')}.`,
  })
