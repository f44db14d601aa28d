import { CliError, nearest } from '../errors.ts'
import type { LayerFeature } from '../layers/features.ts'
import type { Layer, SelectedLayer } from '../layers/layer.ts'
import type { LayerOrigin } from '../layers/source.ts'
import { quote } from '../options/name.ts'
import { packageManagers } from '../package-managers.ts'
import type { Flags } from '../options/questions.ts'
import type { PlanInput } from '../plan/types.ts'
import { readProject } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import type { RepoRecord } from '../repo/record.ts'
import { recordedInput, selectAll } from '../update/selection.ts'
import type { Context } from './context.ts'

/** A generated repository, with the layers that it was made from. */
export interface App extends Omit<Project, 'layers' | 'input'> {
  readonly layers: readonly SelectedLayer[]
  /** What its plan was made with. */
  readonly input: PlanInput
}

/**
 * Reads the repository that this folder is in, and its layers.
 *
 * @param words - of the command that is run, for messages, and its flags
 * @throws CliError when it isn't ours, another version made it, or a layer isn't to be had
 */
export async function readApp(
  context: Context,
  words: readonly string[],
  flags: readonly string[] = [],
): Promise<App> {
  const { cwd, builtin, version } = context
  const project = readProject(cwd, builtin)
  requireSameVersion(project.record, version, words, flags)
  return {
    ...project,
    layers: await selectAll(project.record, builtin, fetchFrom(project.root)),
    input: recordedInput(project.record, version),
  }
}

/** What this version generates has to be what the repository was generated as. */
function requireSameVersion(
  { generator, options }: RepoRecord,
  version: string,
  words: readonly string[],
  flags: readonly string[],
): void {
  if (generator.version === version) return
  const [create, separator] = packageManagers[options.packageManager].create
  const at = (which: string, what: string) => `${create} start-convex-auth@${which} ${what}`
  const command = words.join(' ') + (flags.length > 0 ? [separator, ...flags].join(' ') : '')
  throw new CliError(
    `The app was made with create-start-convex-auth ${generator.version}, and this is ${version}.`,
    {
      fix: [
        'Bring the app to this version first:',
        at(version, 'update'),
        'Or run the version that it was made with:',
        at(generator.version, command),
      ].join('\n'),
    },
  )
}

/** Gets somebody else's layer in the state that a record in this folder has of it. */
export const fetchFrom =
  (root: string) =>
  async (origin: LayerOrigin): Promise<Layer> => {
    const { fetchRecordedLayer } = await import('../layers/fetch.ts')
    return fetchRecordedLayer(origin, root, { isExact: true })
  }

/** The names that were given, which may have commas between them. */
export const namesIn = ({ words = [] }: Flags): string[] =>
  words.flatMap((word) => word.split(/[\s,]+/)).filter((name) => name !== '')

/**
 * The features of these names.
 *
 * @throws CliError with exit code 2 for a name that isn't known
 */
export function requireFeatures(
  names: readonly string[],
  known: readonly LayerFeature[],
): readonly LayerFeature[] {
  return [...new Set(names)].map((name) => {
    const found = known.find((feature) => feature.name === name)
    if (found) return found
    const all = known.map((feature) => feature.name)
    const parts = known.filter(({ layer }) => layer.name === name).map((feature) => feature.name)
    const match = nearest(name, all)
    const hint =
      parts.length > 0
        ? `It has parts: name ${parts.join(', ')}.`
        : `${match === undefined ? '' : `Did you mean ${match}? `}There are ${all.join(', ')}.`
    throw new CliError(`There is no feature ${quote(name)}.`, { exitCode: 2, fix: hint })
  })
}
