import { resolve } from 'node:path'
import { releases } from 'virtual:releases'
import { CliError } from '../errors.ts'
import type { ExitCode } from '../errors.ts'
import { fetchRecordedLayer } from '../layers/fetch.ts'
import type { FileTree } from '../merge/types.ts'
import type { Flags } from '../options/questions.ts'
import { packageManagers } from '../package-managers.ts'
import { declaredVariables, SERVER_TYPES } from '../plan/convex-generated.ts'
import type { TemplateData } from '../plan/types.ts'
import { findProject } from '../project/find.ts'
import type { ProjectRoot } from '../project/find.ts'
import { isOlder } from '../project/versions.ts'
import { nothingToMerge } from '../report/merge.ts'
import type { NextStep } from '../report/next-steps.ts'
import { movingNote, movingStep } from '../report/update.ts'
import { variableSteps } from '../report/variables.ts'
import type { ProgramResult } from '../system/program.ts'
import { startProgress } from '../system/progress.ts'
import { watchSignals } from '../system/signals.ts'
import type { Signals } from '../system/signals.ts'
import { planMove } from '../update/move.ts'
import type { Move, MoveInput } from '../update/move.ts'
import { documentIn, newestVersion, versionFromRegistry, whyNot } from '../update/other-version.ts'
import type { RegistryAccess } from '../update/other-version.ts'
import type { Context } from './context.ts'
import { mergeChange } from './merge.ts'
import type { ProjectChange } from './merge.ts'

/**
 * Brings the repository that this folder is in to a newer version of what made it.
 *
 * @returns 1 when there are conflicts, or with `--check` when there is a newer version
 * @throws CliError when a version can't be had, or the repository can't be merged into
 */
export async function update(flags: Flags, context: Context): Promise<void | ExitCode> {
  const project = findProject(context.cwd)
  const signals = watchSignals('Cancelled. Nothing was changed.')
  try {
    const to = await versionToMoveTo(flags, project, context, signals)
    if (to === project.record.generator.version) return reportUpToDate(project, to, context)
    if (to !== context.version) return await runThat(to, flags, project, context, signals)
    const move = await moveOf(project, flags, context, signals)
    return await applyMove(project, move, flags, context)
  } finally {
    signals.release()
  }
}

const accessOf = ({ root, record }: ProjectRoot): RegistryAccess => ({
  root,
  pm: { name: record.options.packageManager },
})

/**
 * The version that is meant: this one, the one that `--to` names, or for a check the
 * newest in the registry; the recorded one where that is as new.
 */
async function versionToMoveTo(
  { to, check }: Flags,
  project: ProjectRoot,
  { version }: Context,
  signals: Signals,
): Promise<string> {
  const { generator, options } = project.record
  const { version: recorded } = generator
  const asks = to === 'latest' || (check && to === undefined)
  if (to !== undefined && !asks) requireVersionNumber(to)
  const wanted = asks ? await newestVersion(accessOf(project), { signals }) : (to ?? version)
  if (!isOlder(wanted, recorded)) return wanted
  // The registry may lag behind, or this may be a version that was never published.
  if (asks) return recorded
  throw new CliError(
    `The app is at ${recorded}, and ${to === undefined ? 'this is' : 'you ask for'} ${wanted}, which is older.`,
    { fix: `${packageManagers[options.packageManager].create[0]} start-convex-auth@latest update` },
  )
}

function requireVersionNumber(to: string): void {
  if (/^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/.test(to)) return
  throw new CliError(`--to "${to}" is no version.`, {
    exitCode: 2,
    fix: 'For example: --to 1.2.0, or --to latest',
  })
}

/** Another version updates to itself: it knows its own layers, and what it asks for. */
async function runThat(
  version: string,
  flags: Flags,
  project: ProjectRoot,
  { json, cwd, print }: Context,
  signals: Signals,
): Promise<ExitCode | undefined> {
  const other = await versionFromRegistry(version, accessOf(project))
  const from = flags.from === undefined ? {} : { from: resolve(cwd, flags.from) }
  const args = ['update', ...asArguments({ ...flags, ...from, to: version })]
  const options = { cwd: project.root, signals }
  const result = await other.run(args, json ? options : { ...options, interactive: true })
  if (json) {
    const document = documentIn(result.stdout)
    if (document === undefined) {
      await signals.check()
      throw whyNot(`create-start-convex-auth ${version}`, result, 'The newest: update --to latest')
    }
    print(document)
  }
  return exitCodeOf(result, signals)
}

/** It has said all itself; a package manager that a signal ended may have an exit code of its own. */
async function exitCodeOf(
  { exitCode }: ProgramResult,
  signals: Signals,
): Promise<ExitCode | undefined> {
  const cancelled = (error: unknown) => (error as CliError).exitCode
  const ended = await signals.check().catch(cancelled)
  if (ended) return ended
  return exitCode === 0 ? undefined : exitCode === 2 ? 2 : 1
}

const asArguments = (flags: Flags): string[] =>
  Object.entries(flags).map(([name, value]) =>
    typeof value === 'boolean' ? `--${value ? '' : 'no-'}${name}` : `--${name}=${String(value)}`,
  )

/** Plans both versions, which takes a while. */
async function moveOf(
  { root, record }: ProjectRoot,
  { from }: Flags,
  { cwd, version, builtin, screen }: Context,
  signals: Signals,
): Promise<Move> {
  const old = record.generator.version
  const stop = startProgress(`Looking at what changed from ${old} to ${version}`, screen)
  const input: MoveInput = {
    ...accessOf({ root, record }),
    record,
    version,
    builtin,
    releases,
    from: from === undefined ? undefined : resolve(cwd, from),
    fetch: (origin) => fetchRecordedLayer(origin, root, { isExact: false }),
  }
  return planMove(input, { cwd: root, signals }).finally(stop)
}

/** Merges, installs what has changed, and says what is left to do. */
async function applyMove(
  { root, record }: ProjectRoot,
  move: Move,
  flags: Flags,
  context: Context,
): Promise<void | ExitCode> {
  const { before, after, renames, data, steps } = move
  const { version } = context
  const { version: old } = record.generator
  const onlyLooks = flags['dry-run'] === true || flags.check === true
  const change: ProjectChange = {
    root,
    before,
    after,
    renames,
    label: `create-start-convex-auth ${version}`,
    pm: data.pm,
    done: `Updated from ${old} to ${version}`,
    planned: `Would update from ${old} to ${version}`,
    message: `Update to create-start-convex-auth ${version}`,
    steps: [...newVariableSteps(before, data), ...steps.map(movingStep)],
    notes: [...move.notes, ...(onlyLooks ? steps.map(movingNote) : [])],
    fields: { version, path: root, from: old, to: version, upToDate: false, steps },
  }
  const looking = onlyLooks ? { 'dry-run': true, 'allow-dirty': true } : {}
  const exitCode = await mergeChange(change, { ...flags, ...looking }, context)
  return flags.check ? 1 : exitCode
}

/** Commands for the variables that the old version didn't declare. */
function newVariableSteps(before: FileTree, data: TemplateData): NextStep[] {
  const types = String(before.get(SERVER_TYPES)?.content ?? '')
  const had = declaredVariables(types).map(({ name }) => name)
  return variableSteps({ ...data, env: data.env.filter(({ name }) => had.includes(name)) }, data)
}

function reportUpToDate(
  { root }: ProjectRoot,
  version: string,
  { json, print, style, version: own }: Context,
): void {
  const fields = { version: own, path: root, from: version, to: version, upToDate: true, steps: [] }
  print(
    json
      ? nothingToMerge(fields)
      : `${style.good(style.check)} The app is at ${version}: there is nothing to update.\n`,
  )
}
