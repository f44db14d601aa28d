import { CliError } from '../errors.ts'
import type { ExitCode } from '../errors.ts'
import type { FileTree, MergeOutcome } from '../merge/types.ts'
import type { Flags } from '../options/questions.ts'
import { ROUTE_TREE } from '../plan/convex-generated.ts'
import type { TemplateData } from '../plan/types.ts'
import { withMerge } from '../repo/merge.ts'
import type { DiffCommand, MergeInput, ReadyMerge } from '../repo/merge.ts'
import { mergeDocument, mergeFields, mergeNextReport, mergeReport } from '../report/merge.ts'
import type { MergeSummary } from '../report/merge.ts'
import type { NextStep } from '../report/next-steps.ts'
import { remakeRouteTree } from '../setup/route-tree.ts'
import { StepError } from '../setup/step.ts'
import { runSteps } from '../setup/steps.ts'
import { relativePath } from '../shell.ts'
import { typedInstallCommand } from '../system/install-command.ts'
import { runProgram } from '../system/program.ts'
import { watchSignals } from '../system/signals.ts'
import type { Signals } from '../system/signals.ts'
import type { Context } from './context.ts'

/** A change of what the repository was generated as, told for its report. */
export interface ProjectChange extends Pick<MergeInput, 'root' | 'before' | 'after' | 'renames'> {
  /** What the template's side is called in a conflict. */
  readonly label: string
  readonly pm: TemplateData['pm']
  /** `Added Tailwind CSS`, and what a dry run says in its place. */
  readonly done: string
  readonly planned: string
  /** What a commit of it is called: `Add Tailwind CSS`. */
  readonly message: string
  /** What else there is to do. */
  readonly steps: readonly NextStep[]
  readonly notes: readonly string[]
  /** Its own fields of `--json`. */
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * Merges a change into the repository, installs what is new, and says what
 * became of each file and what comes next.
 *
 * @returns 1 when there are conflicts
 * @throws CliError when it can't be merged or is cancelled, and all is as it was;
 *   when the installation fails, with the files merged
 */
export async function mergeChange(
  planned: ProjectChange,
  flags: Flags,
  context: Context,
): Promise<void | ExitCode> {
  const place = { env: context.env, cwd: planned.root }
  const install = await typedInstallCommand(planned.pm.name, place)
  const change = { ...planned, pm: { ...planned.pm, install } }
  const dryRun = flags['dry-run'] === true
  const signals = watchSignals('Cancelled.')
  const allowDirty = flags['allow-dirty'] === true
  try {
    const { cwd } = context
    return await withMerge({ ...change, cwd, dryRun, allowDirty }, async (merge) => {
      const summary = summaryOf(change, merge, flags, context)
      if (dryRun) await showPlan(change, summary, merge, context)
      else await carryOut(change, summary, merge, { flags, context, signals })
      return merge.outcome.files.some(({ kind }) => kind === 'conflict') ? 1 : undefined
    })
  } finally {
    signals.release()
  }
}

function summaryOf(
  change: ProjectChange,
  { outcome, prefix, refusal }: ReadyMerge,
  flags: Flags,
  { cwd }: Context,
): MergeSummary {
  const { done, planned, message, pm, root, steps, notes } = change
  const dryRun = flags['dry-run'] === true
  return {
    headline: dryRun ? planned : done,
    message,
    outcome,
    dryRun,
    pm,
    steps,
    notes: [...notes, ...(refusal === undefined ? [] : [refusal])],
    installed: undefined,
    path: relativePath(cwd, root),
    prefix,
    wasClean: flags['allow-dirty'] !== true,
  }
}

/** The difference first: what the report says stays on the screen. */
async function showPlan(
  { fields }: ProjectChange,
  summary: MergeSummary,
  merge: ReadyMerge,
  { json, interactive, style, print }: Context,
): Promise<void> {
  const diff = await merge.diff()
  if (json) return print(mergeDocument(fields, summary, await diffText(diff, 'never')))
  if (interactive) await runProgram('git', diff.args, { ...diff, interactive: true })
  else print(await diffText(diff, style.bold('') === '' ? 'never' : 'always'))
  print(mergeReport(summary, style))
}

async function diffText(
  { args: [command = '', ...args], cwd, env }: DiffCommand,
  color: 'always' | 'never',
): Promise<string> {
  const all = [command, `--color=${color}`, ...args]
  return (await runProgram('git', all, { cwd, env })).stdout
}

interface MergeRun {
  readonly flags: Flags
  readonly context: Context
  readonly signals: Signals
}

async function carryOut(
  change: ProjectChange,
  summary: MergeSummary,
  merge: ReadyMerge,
  run: MergeRun,
): Promise<void> {
  const { json, style, print } = run.context
  await merge.apply(run.signals.check)
  if (!json) print(mergeReport(summary, style))
  const installed = await installNew(change, merge, run).catch((error: unknown) => {
    // The next run finds nothing to do, and wouldn't say it.
    const rest = { ...summary, installed: false }
    if (!json) print(mergeNextReport(rest, style))
    throw json && error instanceof CliError
      ? withMerged(error, mergeFields(change.fields, rest))
      : error
  })
  const outcome = { ...summary.outcome, stale: await remakeStale(change, merge.outcome, run) }
  const done = { ...summary, installed, outcome }
  print(json ? mergeDocument(change.fields, done) : mergeNextReport(done, style))
}

/** The error with what was merged before it: a script has one document. */
function withMerged(error: CliError, merged: object): CliError {
  const { message, exitCode, fix, details } = error
  return new CliError(message, { exitCode, fix, details: { ...details, merged }, cause: error })
}

/** Whether the dependencies changed, and were installed. */
async function installNew(
  { root, pm, before, after }: ProjectChange,
  { outcome }: ReadyMerge,
  { flags, context, signals }: MergeRun,
): Promise<boolean | undefined> {
  const manifest = outcome.files.find(({ path }) => path === 'package.json')
  if (!manifest || manifest.kind === 'kept' || sameDependencies(before, after)) return undefined
  if (flags.install === false || manifest.kind === 'conflict') return false
  try {
    await runSteps(['install'], { root, pm, siteUrl: '' }, { ...context, isNew: true, signals })
    return true
  } catch (error) {
    if (!(error instanceof StepError)) throw error
    throw new CliError(`The files are merged; the installation stopped. ${error.message}`, {
      exitCode: error.exitCode,
      fix: ['To go on from there:', pm.install].join('\n'),
      cause: error,
    })
  }
}

function sameDependencies(before: FileTree, after: FileTree): boolean {
  const [from, to] = [before, after].map((tree) => {
    const text = String(tree.get('package.json')?.content ?? '{}')
    const { scripts: _, ...rest } = JSON.parse(text) as Record<string, unknown>
    return JSON.stringify(rest)
  })
  return from === to
}

/** What tools have to write again is written where it can be; answers the rest. */
async function remakeStale(
  { root }: ProjectChange,
  { stale }: MergeOutcome,
  { signals }: MergeRun,
): Promise<readonly string[]> {
  if (!stale.includes(ROUTE_TREE)) return stale
  const isRemade = await remakeRouteTree({ cwd: root, signals })
  return isRemade ? stale.filter((path) => path !== ROUTE_TREE) : stale
}
