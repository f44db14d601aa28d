import { join } from 'node:path'
import type { FileTree } from '../merge/types.ts'
import type { Layer } from '../layers/layer.ts'
import type { LayerOrigin } from '../layers/source.ts'
import { templateData } from '../plan/data.ts'
import { makePlan, withoutLocal } from '../plan/plan.ts'
import type { TemplateData } from '../plan/types.ts'
import { addRecord, RECORD_PATH } from '../repo/record.ts'
import type { RepoRecord } from '../repo/record.ts'
import { withScratch } from '../scratch.ts'
import type { ProgramOptions } from '../system/program.ts'
import { generateAgain, versionFromPath, versionFromRegistry } from './other-version.ts'
import type { RegistryAccess } from './other-version.ts'
import { releasesBetween, renamesOver } from './releases.ts'
import type { Release } from './releases.ts'
import { recordedInput, selectRecorded, withNewNames } from './selection.ts'
import { readTree } from './tree.ts'

/** The way of a repository from the version that made it to this one. */
export interface Move {
  /** What the old version makes of the record. */
  readonly before: FileTree
  /** What this one makes of it. */
  readonly after: FileTree
  readonly renames: ReadonlyMap<string, string>
  /** Of the new version. */
  readonly data: TemplateData
  /** What is left to do by hand, in Markdown. */
  readonly steps: readonly string[]
  /** Sentences on how it went. */
  readonly notes: readonly string[]
}

export interface MoveInput extends RegistryAccess {
  readonly record: RepoRecord
  /** This version. */
  readonly version: string
  readonly builtin: readonly Layer[]
  readonly releases: readonly Release[]
  /** The old version's package, where the registry isn't to be asked. */
  readonly from: string | undefined
  /** Gets somebody else's layer. */
  readonly fetch: (origin: LayerOrigin) => Promise<Layer>
}

/**
 * Plans the way: the old version itself makes what it made, and this one what it makes now.
 *
 * @throws CliError when the old version can't be had, or a layer is gone
 */
export async function planMove(input: MoveInput, options: ProgramOptions): Promise<Move> {
  const { record, version, releases } = input
  const passed = releasesBetween(releases, record.generator.version, version)
  const { renamed, names } = withNewNames(record, renamesOver(passed.map(({ choices }) => choices)))
  const selection = await selectRecorded(renamed, input.builtin, input.fetch)
  const planInput = recordedInput(record, version)
  const data = templateData(selection.layers, planInput)
  const made = makePlan(selection.layers, planInput, data)
  const plan = addRecord(made, selection.layers, planInput)
  const { before, note } = await treeBefore(input, options)
  return {
    before,
    after: withoutLocal(plan),
    renames: renamesOver(passed.map(({ files }) => files)),
    data,
    steps: passed.flatMap(({ steps }) => steps),
    notes: [
      ...(note === undefined ? [] : [note]),
      ...names.map(([old, now]) => `${version} calls ${old} ${now}.`),
      ...selection.dropped.map(
        (name) => `${version} has no ${name} any more: what it brought goes.`,
      ),
    ],
  }
}

async function treeBefore(
  input: MoveInput,
  options: ProgramOptions,
): Promise<{ before: FileTree; note?: string | undefined }> {
  const { version } = input.record.generator
  return withScratch(async (scratch) => {
    const old =
      input.from === undefined
        ? await versionFromRegistry(version, input)
        : await versionFromPath(input.from, version, scratch)
    const folder = join(scratch, 'before')
    await generateAgain(old, { record: join(input.root, RECORD_PATH), folder }, options)
    return { before: readTree(folder), note: old.note }
  })
}
