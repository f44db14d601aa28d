import { expect, test } from 'vitest'
import { makePlan } from '../../../src/plan/plan.ts'
import type { Plan, PlanInput } from '../../../src/plan/types.ts'
import { MUTANTS } from '../../e2e/mutants/mutants.ts'
import { combinationNamed, layersOf } from '../../helpers/combinations.ts'

const INPUT: PlanInput = {
  name: 'my-app',
  port: 3000,
  packageManager: 'npm',
  secret: '',
  generatorVersion: '0.0.0-test',
}

const plans = new Map<string, Plan>()
for (const app of new Set(MUTANTS.map((mutant) => mutant.app))) {
  plans.set(app, await makePlan(await layersOf(combinationNamed(app)), INPUT))
}

// A run of all of them takes hours, and ends at the first that no longer fits.
test.each(MUTANTS)('there is one place for: $name', ({ app, file, search }) => {
  const found = plans.get(app)?.get(file)
  expect(String(found?.content).split(search)).toHaveLength(2)
})
