import { CliError } from '../errors.ts'
import type { Layer, SelectedLayer } from '../layers/layer.ts'
import { installRisks } from '../layers/risks.ts'
import { packageManagerNames } from '../package-managers.ts'
import type { PackageManager } from '../package-managers.ts'
import { makePlan } from '../plan/plan.ts'
import type { Plan } from '../plan/types.ts'
import { check } from './check.ts'
import type { Check, Problem } from './check.ts'

/** A layer on top of some of ours. */
export interface LayerCombination {
  /** `Tailwind CSS, GitHub, Data export` */
  readonly title: string
  readonly packageManager: PackageManager
  readonly layers: readonly SelectedLayer[]
}

/**
 * Every repository that a layer can be in: our optional layers and their choices, taken and
 * not, and the layer's own choices; the package managers with the largest of them.
 *
 * @param builtin - our layers, the base first
 */
export function combinationsWith(layer: Layer, builtin: readonly Layer[]): LayerCombination[] {
  const [base, ...others] = builtin
  const own = selectionsOf(layer).filter((selected) => selected !== undefined)
  const stacks = others.reduce<SelectedLayer[][]>(
    (all, other) =>
      all.flatMap((stack) =>
        selectionsOf(other).map((selected) => (selected ? [...stack, selected] : stack)),
      ),
    [[]],
  )
  const combine = (stack: readonly SelectedLayer[], packageManager: PackageManager) => ({
    title: titlesOf(stack).join(', ') || 'nothing else',
    packageManager,
    layers: [{ layer: base as Layer, choices: [packageManager] }, ...stack],
  })
  const all = stacks.flatMap((stack) => own.map((selected) => [...stack, selected]))
  const largest = all.at(-1) ?? []
  return [
    ...all.map((stack) => combine(stack, 'npm')),
    ...packageManagerNames.filter((name) => name !== 'npm').map((name) => combine(largest, name)),
  ]
}

/** Without it, then with each set of its choices: of more than four only none, each and all. */
function selectionsOf(layer: Layer): (SelectedLayer | undefined)[] {
  const names = Object.keys(layer.manifest.choices ?? {})
  if (names.length === 0) return [undefined, { layer, choices: [] }]
  const sets =
    names.length > 4
      ? [...names.map((name) => [name]), names]
      : names.reduce<string[][]>((all, name) => [...all, ...all.map((set) => [...set, name])], [[]])
  const taken = sets.filter((set) => set.length > 0)
  return [undefined, ...taken.map((choices) => ({ layer, choices }))]
}

const titlesOf = (stack: readonly SelectedLayer[]): string[] =>
  stack.flatMap(({ layer: { manifest }, choices }) =>
    choices.length === 0
      ? [manifest.title]
      : choices.map((choice) => manifest.choices?.[choice]?.title ?? choice),
  )

/** Lays a layer over every combination of ours: slots, replaced files, names, JSON, templates. */
export function checkPlans(combinations: readonly LayerCombination[]): Check {
  const problems = new Map<string, { problem: Problem; titles: string[] }>()
  for (const combination of combinations) {
    const problem = planProblem(combination)
    if (problem === undefined) continue
    const known = problems.get(problem.message) ?? { problem, titles: [] }
    known.titles.push(combination.title)
    problems.set(problem.message, known)
  }
  const list = [...problems.values()].map(({ problem, titles }) => ({
    ...problem,
    message:
      titles.length === combinations.length
        ? problem.message
        : `With ${titles[0]}: ${problem.message}`,
  }))
  return check('plans', list, `It fits into all ${combinations.length} combinations of layers.`)
}

function planProblem(combination: LayerCombination): Problem | undefined {
  try {
    planOf(combination)
    return undefined
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    return { message: error.message, fix: error.fix === undefined ? [] : [error.fix] }
  }
}

/** The plan of a combination, with answers that anybody may give. */
export const planOf = ({ layers, packageManager }: LayerCombination): Plan =>
  makePlan(layers, {
    name: 'my-app',
    port: 3000,
    packageManager,
    secret: '0'.repeat(64),
    generatorVersion: '0.0.0',
  })

/** What is said to its users before they install it. */
export function checkInstallation(layer: Layer): Check {
  const risks = installRisks([{ layer, choices: [] }])
  const well = 'Installing it runs nothing, and takes packages from the registry only.'
  return check(
    'installation',
    [],
    risks.length === 0 ? well : `Its users are told before they install it: ${risks.join(' ')}`,
  )
}
