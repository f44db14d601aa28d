import { join } from 'node:path'
import type { SelectedLayer } from '../../src/layers/layer.ts'
import { readLayer } from '../../src/layers/read.ts'
import type { PackageManager } from '../../src/package-managers.ts'

/** One of the repositories that our own layers make. */
export interface Combination {
  readonly name: string
  readonly tailwind: boolean
  readonly providers: readonly string[]
  readonly email: boolean
  /** What chooses it on the command line. */
  readonly flags: readonly string[]
}

const ALL_PROVIDERS = [[], ['github'], ['google'], ['github', 'google']]

/** UI (plain, Tailwind) × providers (none, GitHub, Google, both) × e-mail; the largest comes last. */
export const COMBINATIONS: readonly Combination[] = [false, true].flatMap((email) =>
  [false, true].flatMap((tailwind) =>
    ALL_PROVIDERS.map((providers) => ({
      name: [tailwind ? 'tailwind' : 'plain', ...providers, ...(email ? ['email'] : [])].join('-'),
      tailwind,
      providers,
      email,
      flags: [
        tailwind ? '--tailwind' : '--no-tailwind',
        ...(providers.length > 0 ? ['--social', providers.join(',')] : ['--no-social']),
        email ? '--email' : '--no-email',
      ],
    })),
  ),
)

/** @throws when there is none of that name */
export function combinationNamed(name: string): Combination {
  const found = COMBINATIONS.find((one) => one.name === name)
  if (found) return found
  throw new Error(`There is no combination ${name}`)
}

const root = join(import.meta.dirname, '../..')

/** The layers of a combination, read from their folders. */
export async function layersOf(
  { tailwind, providers, email }: Pick<Combination, 'tailwind' | 'providers' | 'email'>,
  packageManager: PackageManager = 'npm',
): Promise<SelectedLayer[]> {
  const read = (name: string) => readLayer(join(root, `template-${name}`))
  const selected: SelectedLayer[] = [{ layer: await read('base'), choices: [packageManager] }]
  if (tailwind) selected.push({ layer: await read('tailwind'), choices: [] })
  if (providers.length > 0) {
    selected.push({ layer: await read('social'), choices: providers })
  }
  if (email) selected.push({ layer: await read('email'), choices: [] })
  return selected
}
