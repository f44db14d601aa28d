import { CliError } from '../errors.ts'
import type { ExitCode } from '../errors.ts'
import { hasFeature, offeredFeatures, selectFeatures } from '../layers/features.ts'
import type { LayerFeature } from '../layers/features.ts'
import type { Layer } from '../layers/layer.ts'
import { sourceFrom } from '../layers/source.ts'
import type { Flags } from '../options/questions.ts'
import { portableWord } from '../shell.ts'
import { namesIn, readApp, requireFeatures } from './app.ts'
import type { App } from './app.ts'
import { changeLayers } from './change-layers.ts'
import type { Context } from './context.ts'

/**
 * Adds features to the repository that this folder is in, merged with what the
 * user made of it.
 *
 * @returns 1 when there are conflicts
 * @throws CliError when a name isn't known, or the repository can't be merged into
 */
export async function add(flags: Flags, context: Context): Promise<void | ExitCode> {
  const { layer: sources = [] } = flags
  const names = namesIn(flags)
  const known = offeredFeatures(context.builtin)
  const named = requireFeatures(names, known)
  if (named.length + sources.length === 0) throw nothingToAdd(known)
  const typed = sources.map((source) => `--layer ${portableWord(source) ?? source}`)
  const app = await readApp(context, ['add', ...names], typed)
  for (const { layer } of named) requireNoOther(layer, app.layers)
  const wanted = [...named, ...(await fetchFeatures(sources, app, context))]
  const changed = wanted.filter((feature) => !hasFeature(app.layers, feature))
  const unchanged = wanted.filter((feature) => !changed.includes(feature))
  const layers = selectFeatures(app.layers, context.builtin, { added: changed })
  return changeLayers(app, { verb: 'add', layers, changed, unchanged }, flags, context)
}

/** Layers of somebody else; a folder is named as seen from the repository. */
async function fetchFeatures(
  sources: readonly string[],
  { root, layers }: App,
  { cwd, builtin }: Context,
): Promise<LayerFeature[]> {
  if (sources.length === 0) return []
  const { fetchLayer } = await import('../layers/fetch.ts')
  const features: LayerFeature[] = []
  for (const source of sources) {
    const layer = await fetchLayer(source, cwd, { builtin, target: root })
    const { name, manifest } = layer
    const seen = { ...layer, source: sourceFrom(root, source, cwd) }
    requireNoOther(seen, [...layers, ...features])
    features.push({ name, title: manifest.title, layer: seen })
  }
  return features
}

/** @throws CliError where a layer of this name is from somewhere else: it isn't the one that is meant */
function requireNoOther(
  { name, source }: Layer,
  present: readonly { readonly layer: Layer }[],
): void {
  const other = present.find(({ layer }) => layer.name === name && layer.source !== source)
  if (!other) return
  const from = source === 'builtin' ? 'create-start-convex-auth itself' : source
  throw new CliError(
    `Two layers are named "${name}": from ${other.layer.source} and from ${from}.`,
    {
      fix: `Take one of them; if the first is in the app, it goes by: remove ${name}`,
    },
  )
}

const nothingToAdd = (known: readonly LayerFeature[]) =>
  new CliError('Missing: what to add.', {
    exitCode: 2,
    fix: `Name it: ${known.map(({ name }) => name).join(', ')}, or --layer SOURCE.`,
  })
