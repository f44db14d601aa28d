import type { LayerFeature } from '../layers/features.ts'
import { listed } from './created.ts'
import { nothingToMerge } from './merge.ts'

/** What comes or goes, and what was asked for in vain. */
interface NamedFeatures {
  readonly verb: 'add' | 'remove'
  readonly changed: readonly LayerFeature[]
  readonly unchanged: readonly LayerFeature[]
}

/** `GitHub is there already.` */
export function unchangedSentence({ verb, unchanged }: NamedFeatures): string {
  const verbForm = unchanged.length === 1 ? 'is' : 'are'
  const end = verb === 'add' ? `${verbForm} there already` : `${verbForm} not there`
  return `${listed(unchanged.map(({ title }) => title))} ${end}.`
}

/** The answer where all that was named is so already. */
export function nothingToChange(
  features: NamedFeatures,
  fields: Readonly<Record<string, unknown>>,
  json: boolean,
): string {
  if (!json) return `${unchangedSentence(features)} Nothing was changed.\n`
  return nothingToMerge(fields)
}

/** What `add` and `remove` say of themselves with `--json`. */
export function layersDocument(
  { verb, changed, unchanged }: NamedFeatures,
  path: string,
  version: string,
): Readonly<Record<string, unknown>> {
  const names = (features: readonly LayerFeature[]) => features.map(({ name }) => name)
  return {
    version,
    path,
    [verb === 'add' ? 'added' : 'removed']: names(changed),
    unchanged: names(unchanged),
  }
}
