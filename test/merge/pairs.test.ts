import { expect, test } from 'vitest'
import { offeredFeatures, selectFeatures } from '../../src/layers/features.ts'
import type { LayerFeature } from '../../src/layers/features.ts'
import type { Layer, SelectedLayer } from '../../src/layers/layer.ts'
import { makePlan } from '../../src/plan/plan.ts'
import type { Plan, PlanInput } from '../../src/plan/types.ts'
import { addRecord } from '../../src/repo/record.ts'
import { COMBINATIONS, layersOf } from '../helpers/combinations.ts'
import type { Combination } from '../helpers/combinations.ts'
import { filesIn, gitProject } from './git-project.ts'

const input: PlanInput = {
  name: 'my-app',
  port: 3000,
  packageManager: 'npm',
  secret: '0'.repeat(64),
  generatorVersion: '1.2.3',
}

const planOf = (layers: readonly SelectedLayer[]): Plan =>
  addRecord(makePlan(layers, input), layers, input)

const namesOf = ([, ...layers]: readonly SelectedLayer[]) =>
  layers.flatMap(({ layer, choices }) => (choices.length > 0 ? choices : [layer.name]))

const everything = await layersOf(COMBINATIONS.at(-1) as Combination)
const builtin: readonly Layer[] = everything.map(({ layer }) => layer)
const offered = offeredFeatures(builtin)
const feature = (name: string) => offered.find((one) => one.name === name) as LayerFeature

test('every layer or its choices are offered', () => {
  expect(offered.map(({ name }) => name)).toEqual(namesOf(everything))
})

test.each(COMBINATIONS)(
  'from $name to each of the others, one by one in any order',
  async (from) => {
    const start = await layersOf(from)
    for (const to of COMBINATIONS) {
      const end = await layersOf(to)
      const planned = planOf(end)
      const [had, has] = [namesOf(start), namesOf(end)]
      const steps = [
        ...has.filter((name) => !had.includes(name)).map((name) => ({ added: [feature(name)] })),
        ...had.filter((name) => !has.includes(name)).map((name) => ({ removed: [feature(name)] })),
      ]
      for (const order of permutations(steps)) {
        const layers = order.reduce(
          (selected: readonly SelectedLayer[], step) => selectFeatures(selected, builtin, step),
          start,
        )
        expect(planOf(layers), `${from.name} to ${to.name}`).toEqual(planned)
      }
    }
  },
)

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  )
}

/** From one end of the list to the other and back, so that much comes and goes with each step. */
const walk = COMBINATIONS.map((combination, index) =>
  index % 2 === 0 ? combination : (COMBINATIONS.at(-index) as Combination),
)

test('merged into an app without edits, the files are those of the plan', async () => {
  const plans: Plan[] = []
  for (const combination of walk) plans.push(planOf(await layersOf(combination)))
  const [first, ...others] = plans as [Plan, ...Plan[]]
  const project = gitProject(first)
  let before = first
  for (const after of others) {
    const outcome = await project.merge(before, after)
    expect(outcome.filter((line) => !/: (?:added|updated|deleted)$/.test(line))).toEqual([])
    const texts = [...after].filter(([path]) => path !== '.env.convex')
    const files = filesIn(project.root)
    delete files['.env.convex']
    expect(files).toEqual(Object.fromEntries(texts.map(([path, { content }]) => [path, content])))
    project.commit()
    before = after
  }
})
