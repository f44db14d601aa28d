import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import { CliError } from '../errors.ts'
import type { Layer, SelectedLayer } from '../layers/layer.ts'
import { installRisks } from '../layers/risks.ts'
import { requireTarget, resolveTarget } from '../options/name.ts'
import type { Target } from '../options/name.ts'
import { questions, requireAnswers, withDefaults } from '../options/questions.ts'
import type { FeatureName, Flags, Options } from '../options/questions.ts'
import { leftovers, runningPackageManager } from '../package-managers.ts'
import { templateData } from '../plan/data.ts'
import { makePlan } from '../plan/plan.ts'
import { joinedPaths, joinPresent } from '../plan/formats.ts'
import type { Plan, PlanInput, TemplateData } from '../plan/types.ts'
import { addRecord, RECORD_PATH } from '../repo/record.ts'
import { checkTarget, readPresent } from '../repo/target.ts'
import { writePlan } from '../repo/write.ts'
import { createdReport } from '../report/created.ts'
import type { Creation } from '../report/created.ts'
import { dryRunReport, listFiles } from '../report/dry-run.ts'
import { createdDocument, dryRunDocument } from '../report/json.ts'
import { continueCommand, repeatCommand } from '../report/repeat.ts'
import { keptSentences, stepSentences, stopped } from '../report/setup.ts'
import { summary } from '../report/summary.ts'
import { StepError, stepNames } from '../setup/step.ts'
import type { StepContext, StepName, StepResult } from '../setup/step.ts'
import { portablePath, relativePath } from '../shell.ts'
import { typedInstallCommand } from '../system/install-command.ts'
import { watchSignals } from '../system/signals.ts'
import type { Context } from './context.ts'
import { nodeWarning, pathWarning, portWarnings, workspaceWarning } from './warnings.ts'

/** What is to be made, and where. */
interface Answers {
  readonly options: Options
  readonly target: Target
}

/** A repository that can be written, and what it was made from. */
interface PlannedRepository {
  readonly layers: readonly SelectedLayer[]
  readonly data: TemplateData
  readonly plan: Plan
  readonly warnings: readonly string[]
}

/** What the set-up did, and what may still keep the app from running. */
interface SetupResult {
  readonly steps: readonly StepResult[]
  readonly warnings: readonly string[]
}

/**
 * Creates a repository: asks what no flag says, plans it, writes it, sets it
 * up and says what comes next.
 *
 * @throws CliError when an answer is missing or wrong, the target can't be
 *   used, or a step of the set-up fails; nothing is written but in the last case
 */
export async function create(flags: Flags, context: Context): Promise<void> {
  if (flags.setup && flags.install === false) {
    throw new CliError(
      '--setup and --no-install contradict each other: Convex is set up by its own program, which is a dependency.',
      { exitCode: 2, fix: 'Leave one of them out.' },
    )
  }
  const earlier = flags.setup && !flags['dry-run'] ? earlierRun(flags, context) : undefined
  if (earlier !== undefined) {
    const { goOn } = await import('./earlier.ts')
    return goOn(earlier, flags, context)
  }
  const answers = await answer(flags, context)
  const layers = await selectLayers(answers, context)
  const planned = planRepository(answers, layers, context)
  const repository = { ...planned, plan: requireRoom(planned.plan, answers.target.path) }
  if (flags['dry-run']) return reportDryRun(answers, repository, context)
  for (const risk of installRisks(layers)) {
    context.log(`${context.style.warning('Note')}  ${risk}\n`)
  }
  const result = await writeAndSetUp(answers, repository, context)
  await reportCreation(answers, repository, result, context)
}

/** The directory, if an earlier run with --setup has made the repository there. */
function earlierRun({ directory, name, yes }: Flags, context: Context): string | undefined {
  const typed = directory ?? (yes ? questions.directory.default : undefined)
  if (typed === undefined) return undefined
  const { path } = requireTarget(typed, context, name)
  return existsSync(join(path, RECORD_PATH)) ? path : undefined
}

/** Asks what no flag says, if there is someone to ask. */
async function answer(flags: Flags, context: Context): Promise<Answers> {
  const { env, offer, interactive, isDeno, isNpm, isDumb, style } = context
  if (isDeno && flags.pm === undefined) {
    throw new CliError("Deno can't be the app's package manager: npm, pnpm, Yarn and Bun can.", {
      exitCode: 2,
      fix: 'Say which, for example with --pm npm. The app that is built runs on Deno, too: its README says how.',
    })
  }
  const complete = (said: Flags): Answers => {
    const options = withDefaults(said, runningPackageManager(env).name)
    return { options, target: requireTarget(options.directory, context, said.name) }
  }
  if (flags.directory !== undefined) requireTarget(flags.directory, context, flags.name)
  if (!interactive) {
    if (!flags.yes) requireAnswers(flags, offer, isNpm)
    return complete(flags)
  }
  const { ask } = await import('../options/prompts.ts')
  const inDefault = complete({ ...flags, directory: questions.directory.default })
  const problemWith = directoryCheck(inDefault, context)
  const summaryOf = (said: Flags) => {
    const { options, target } = complete(said)
    const features = [...featureTitles(selectBuiltin(options, context)), ...options.layer]
    return summary({ options, path: target.path, features }, style)
  }
  return complete(await ask(flags, { offer, isDumb, problemWith, summary: summaryOf }))
}

/**
 * What speaks against a directory, as it is typed. Which files there will be
 * hardly depends on the answers, so they are planned once.
 */
function directoryCheck(
  defaults: Answers,
  context: Context,
): (typed: string) => string | undefined {
  const { plan } = planRepository(defaults, selectBuiltin(defaults.options, context), context)
  return (typed) => {
    try {
      requireRoom(plan, requireTarget(typed, context, defaults.options.name).path)
      return undefined
    } catch (error) {
      if (!(error instanceof CliError)) throw error
      const { message } = error
      // The line may be short, and what was typed stands above it: the reason alone.
      const whole = message.replace(resolveTarget(typed, context).path, 'It')
      const [, reason = whole] = /^".*" can't be the app's name: (.*)$/s.exec(message) ?? []
      return reason.replace(/^./, (letter) => letter.toUpperCase())
    }
  }
}

/**
 * The plan for this directory, joined with what a repository of the user's has.
 *
 * @throws CliError when something else is in the way
 */
function requireRoom(plan: Plan, directory: string): Plan {
  const joined = joinPresent(plan, readPresent(directory, joinedPaths))
  checkTarget(directory, joined)
  return joined
}

async function selectLayers(
  { options, target }: Answers,
  context: Context,
): Promise<SelectedLayer[]> {
  const layers = selectBuiltin(options, context)
  if (options.layer.length === 0) return layers
  const { fetchLayer } = await import('../layers/fetch.ts')
  for (const source of options.layer) {
    const layer = await fetchLayer(source, context.cwd, { ...context, target: target.path })
    layers.push({ layer, choices: Object.keys(layer.manifest.choices ?? {}) })
  }
  return layers
}

/** The base with the package manager as its choice, and what the answers take of the others. */
function selectBuiltin(options: Options, { builtin }: Context): SelectedLayer[] {
  const [base, ...others] = builtin
  const optional = others.flatMap((layer) => {
    const taken = options[layer.name as FeatureName]
    if (taken === false || (Array.isArray(taken) && taken.length === 0)) return []
    return [{ layer, choices: taken === true ? [] : taken }]
  })
  return [{ layer: base as Layer, choices: [options.pm] }, ...optional]
}

/** The plan with its record; touches nothing. */
function planRepository(
  { options, target }: Answers,
  layers: readonly SelectedLayer[],
  { cwd, env, version, nodeVersion }: Context,
): PlannedRepository {
  const running = runningPackageManager(env)
  const input: PlanInput = {
    name: target.name,
    port: options.port,
    packageManager: options.pm,
    pinnedPackageManager: running.name === options.pm ? running.pin : undefined,
    secret: randomBytes(32).toString('hex'),
    generatorVersion: version,
  }
  const data = templateData(layers, input)
  const place = { root: target.path, cwd }
  const plan = addRecord(makePlan(layers, input, data), layers, input, place)
  const lowPort = `Port ${options.port} needs special rights on many systems, as all below 1024 do.`
  const warnings = [
    nodeWarning(plan, nodeVersion),
    pathWarning(target.path),
    workspaceWarning(target.path),
    options.port < 1024 && lowPort,
  ]
  return { layers, data, plan, warnings: warnings.filter((warning) => typeof warning === 'string') }
}

/**
 * Writes the repository and sets it up.
 *
 * @throws CliError when a step fails; when a signal comes, which takes back what
 *   was written, unless the Convex deployment is touched already
 */
async function writeAndSetUp(
  answers: Answers,
  repository: PlannedRepository,
  context: Context,
): Promise<SetupResult> {
  const { path } = answers.target
  const signals = watchSignals('Cancelled.')
  try {
    const added = leftovers.filter((name) => !existsSync(join(path, name)))
    const written = writePlan(repository.plan, path)
    try {
      await signals.check()
      return await setUp(answers, repository, { ...context, isNew: true, signals })
    } catch (error) {
      if (!(error instanceof CliError)) throw error
      const isKept = error instanceof StepError && !['install', 'commit'].includes(error.step)
      if (error.exitCode > 128 && !isKept) throw takenBack(error, written.undo(added))
      if (!(error instanceof StepError)) throw error
      throw stopped(error, await commandsToGoOn(answers, repository, context))
    }
  } finally {
    signals.release()
  }
}

async function setUp(
  { options, target }: Answers,
  { data, plan }: PlannedRepository,
  context: StepContext,
): Promise<SetupResult> {
  const wanted = { install: options.install, commit: options.git, deployment: options.setup }
  const names = stepNames.filter((name) => wanted[name === 'variables' ? 'deployment' : name])
  if (names.length === 0) return { steps: [], warnings: [] }
  const { runSteps } = await import('../setup/steps.ts')
  const files = [...plan].flatMap(([path, { local }]) => (local ? [] : [path]))
  const steps = await runSteps(names, { ...data, root: target.path, files }, context)
  return { steps, warnings: options.setup ? await portWarnings(data.siteUrl) : [] }
}

/** The cancellation. */
function takenBack({ exitCode, cause }: CliError, stayed: readonly string[]): CliError {
  const message = 'Cancelled. What this run had written was removed'
  if (stayed.length === 0) return new CliError(`${message}.`, { exitCode, cause })
  const more = stayed.length > 5 ? [`and ${stayed.length - 5} more`] : []
  const fix = [...stayed.slice(0, 5), ...more].join('\n')
  return new CliError(`${message}, but for:`, { exitCode, cause, fix })
}

async function commandsToGoOn(
  { options, target }: Answers,
  { data }: PlannedRepository,
  { cwd, env, version }: Context,
): Promise<Parameters<typeof stopped>[1]> {
  const path = pathFrom(cwd, target)
  if (options.setup) return { path, commands: [continueCommand(options.pm, version)] }
  const install = await typedInstallCommand(data.pm.name, { env, cwd: target.path })
  return { path, commands: [install, 'README.md has the steps after that.'] }
}

function pathFrom(cwd: string, target: Target): string {
  const path = relativePath(cwd, target.path)
  const deep = path.split('/').filter((part) => part === '..').length > 2
  return deep ? portablePath(target.path, sep) : path
}

function reportDryRun(
  { options, target }: Answers,
  { layers, plan, warnings: others }: PlannedRepository,
  { json, print, version, style }: Context,
): void {
  const files = listFiles(plan)
  const warnings = [...installRisks(layers), ...others]
  print(
    json
      ? dryRunDocument({ target, options, files, warnings, version })
      : dryRunReport(target.typed, files, warnings, style),
  )
}

async function reportCreation(
  { options, target }: Answers,
  { layers, data, plan, warnings }: PlannedRepository,
  result: SetupResult,
  { cwd, env, json, print, version, style }: Context,
): Promise<void> {
  const install = await typedInstallCommand(data.pm.name, { env, cwd: target.path })
  const done = result.steps.filter(({ problem }) => problem === undefined)
  const isDone = (name: StepName) => done.some(({ step }) => step === name)
  const problems = result.steps.flatMap(({ problem }) => problem ?? [])
  const risks = json ? installRisks(layers) : []
  const creation: Creation = {
    ...data,
    pm: { ...data.pm, install },
    directory: target.typed,
    path: pathFrom(cwd, target),
    installed: isDone('install'),
    committed: isDone('commit'),
    connected: isDone('variables'),
    fileCount: plan.size,
    features: featureTitles(layers),
    done: [...keptSentences(plan), ...stepSentences(done)],
    warnings: [...risks, ...warnings, ...problems, ...result.warnings],
    repeat: repeatCommand(options, target.name, version),
  }
  print(
    json
      ? createdDocument({ creation, target, options, files: listFiles(plan), version })
      : createdReport(creation, style),
  )
}

/** The titles of the layers, or of their choices where these were chosen from. */
function featureTitles([, ...layers]: readonly SelectedLayer[]): string[] {
  return layers.flatMap(({ layer: { manifest }, choices }) =>
    choices.length === 0
      ? [manifest.title]
      : choices.map((choice) => manifest.choices?.[choice]?.title ?? choice),
  )
}
