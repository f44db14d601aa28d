import type { SelectedLayer } from '../../../src/layers/layer.ts'
import { makePlan } from '../../../src/plan/plan.ts'
import type { Plan, PlanInput } from '../../../src/plan/types.ts'
import { layerOf, type LayerFiles } from '../layers/support.ts'

export const input: PlanInput = {
  name: 'my-app',
  port: 4000,
  packageManager: 'npm',
  secret: 'ab'.repeat(32),
  generatorVersion: '1.2.3',
}

/** A layer from real files, and the choices taken of it. */
export async function select(
  name: string,
  files: LayerFiles,
  choices: readonly string[] = [],
): Promise<SelectedLayer> {
  return { layer: await layerOf(name, files), choices }
}

/** The plan of layers `one`, `two`, … with these files. */
export async function planOf(...layers: readonly LayerFiles[]): Promise<Plan> {
  const names = ['one', 'two', 'three']
  const selected = layers.map((files, index) => select(names[index] ?? 'more', files))
  return makePlan(await Promise.all(selected), input)
}

/** A planned file's text. */
export function textOf(plan: Plan, path: string): string {
  const content = plan.get(path)?.content
  if (typeof content === 'string') return content
  throw new Error(`${path} is not there, or not text`)
}
