import { join } from 'node:path'
import type { SelectedLayer } from '../../src/layers/layer.ts'
import { readLayer } from '../../src/layers/read.ts'
import type { PackageManager } from '../../src/package-managers.ts'

/** One of the eight repositories that our own layers make. */
export interface Combination {
  readonly name: string
  readonly tailwind: boolean
  readonly providers: readonly string[]
  /** What chooses it on the command line. */
  readonly flags: readonly string[]
}

const ALL_PROVIDERS = [[], ['github'], ['google'], ['github', 'google']]

/** UI (plain, Tailwind) × providers (none, GitHub, Google, both). */
export const COMBINATIONS: readonly Combination[] = [false, true].flatMap((tailwind) =>
  ALL_PROVIDERS.map((providers) => ({
    name: [tailwind ? 'tailwind' : 'plain', ...providers].join('-'),
    tailwind,
    providers,
    flags: [
      tailwind ? '--tailwind' : '--no-tailwind',
      ...(providers.length > 0 ? ['--social', providers.join(',')] : ['--no-social']),
    ],
  })),
)

const root = join(import.meta.dirname, '../..')

/** The layers of a combination, read from their folders. */
export async function layersOf(
  { tailwind, providers }: Pick<Combination, 'tailwind' | 'providers'>,
  packageManager: PackageManager = 'npm',
): Promise<SelectedLayer[]> {
  const read = (name: string) => readLayer(join(root, `template-${name}`))
  const selected: SelectedLayer[] = [{ layer: await read('base'), choices: [packageManager] }]
  if (tailwind) selected.push({ layer: await read('tailwind'), choices: [] })
  if (providers.length > 0) {
    selected.push({ layer: await read('social'), choices: providers })
  }
  return selected
}
