import type { ExitCode } from '../errors.ts'
import type { LayerFeature } from '../layers/features.ts'
import type { SelectedLayer } from '../layers/layer.ts'
import { installRisks } from '../layers/risks.ts'
import type { Flags } from '../options/questions.ts'
import { templateData } from '../plan/data.ts'
import { makePlan } from '../plan/plan.ts'
import type { Plan, TemplateData } from '../plan/types.ts'
import { addRecord } from '../repo/record.ts'
import { layersDocument, nothingToChange, unchangedSentence } from '../report/layers.ts'
import { listed } from '../report/created.ts'
import { variableSteps } from '../report/variables.ts'
import type { App } from './app.ts'
import type { Context } from './context.ts'
import { mergeChange } from './merge.ts'

/** What `add` and `remove` have worked out. */
export interface LayerChange {
  readonly verb: 'add' | 'remove'
  /** The layers as they are to be. */
  readonly layers: readonly SelectedLayer[]
  /** What comes, or goes. */
  readonly changed: readonly LayerFeature[]
  /** What is there already, or isn't. */
  readonly unchanged: readonly LayerFeature[]
}

/**
 * Makes the repository what it would be with other layers: a plan before, a
 * plan after, and the way between them merged.
 *
 * @returns 1 when there are conflicts
 */
export async function changeLayers(
  app: App,
  change: LayerChange,
  flags: Flags,
  context: Context,
): Promise<void | ExitCode> {
  const { verb, changed, unchanged } = change
  const { json, print, version } = context
  const fields = layersDocument(change, app.root, version)
  if (changed.length === 0) return print(nothingToChange(change, fields, json))
  const selected = changed.map(({ layer }) => ({ layer, choices: [] }))
  const risks = verb === 'add' ? installRisks(selected) : []
  // The report has them, too, but with --json it comes after the installation.
  if (json) for (const risk of risks) context.log(`${risk}\n`)
  const before = planWith(app, app.layers)
  const after = planWith(app, change.layers)
  const titles = listed(changed.map(({ title }) => title))
  const [done, planned, message] =
    verb === 'add'
      ? [`Added ${titles}`, `Would add ${titles}`, `Add ${titles}`]
      : [`Removed ${titles}`, `Would remove ${titles}`, `Remove ${titles}`]
  return mergeChange(
    {
      root: app.root,
      before: before.plan,
      after: after.plan,
      label: `create-start-convex-auth ${version}`,
      pm: app.pm,
      done,
      planned,
      message,
      steps: variableSteps(before.data, { ...after.data, siteUrl: app.siteUrl }),
      notes: [...risks, ...(unchanged.length > 0 ? [unchangedSentence(change)] : [])],
      fields,
    },
    flags,
    context,
  )
}

function planWith(
  { root, input }: App,
  layers: readonly SelectedLayer[],
): { readonly plan: Plan; readonly data: TemplateData } {
  const data = templateData(layers, input)
  const plan = makePlan(layers, input, data)
  return { data, plan: addRecord(plan, layers, input, { root, cwd: root }) }
}
