import { makePlan } from '../../src/plan/plan.ts'
import { layersOf } from '../../test/helpers/combinations.ts'
import { compare, generate, generatedFiles, readBase, type Stale } from './generated.ts'

/** One of the repositories that the generator makes, and which of its generated files to check. */
export interface Combination {
  readonly name: string
  readonly tailwind: boolean
  readonly providers: readonly string[]
  readonly email: boolean
  readonly convex: boolean
  readonly routeTree: boolean
}

/** Providers and e-mail change what Convex writes, Tailwind and e-mail may change the route tree. */
export const combinations: readonly Combination[] = [
  { name: 'plain', providers: [], tailwind: false, email: false },
  { name: 'github', providers: ['github'], tailwind: false, email: false },
  { name: 'google', providers: ['google'], tailwind: false, email: false },
  { name: 'e-mail', providers: [], tailwind: false, email: true },
  {
    name: 'tailwind with github and google',
    providers: ['github', 'google'],
    tailwind: true,
    email: false,
  },
  { name: 'all', providers: ['github', 'google'], tailwind: true, email: true },
].map((combination) => ({
  ...combination,
  convex: true,
  routeTree: combination.providers.length !== 1,
}))

/**
 * Compares the generated files of a plan with what the tools write for that plan's app.
 * Throws what making the plan throws, or the output of a tool that fails.
 */
export async function checkCombination(combination: Combination): Promise<Stale[]> {
  const plan = makePlan(await layersOf(combination), {
    name: 'my-app',
    port: 3000,
    packageManager: 'npm',
    secret: '0'.repeat(64),
    generatorVersion: '0.0.0',
  })
  const files = new Map([...plan].map(([path, { content }]) => [path, content]))
  const { env } = await readBase()
  const expected = await generate(files, env, combination)
  const actual = [...generatedFiles(files)].filter(
    ([path]) => combination.routeTree || path.startsWith('convex/'),
  )
  return compare(new Map(actual), expected)
}
