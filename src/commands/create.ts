import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { CliError } from '../errors.ts'
import type { Layer, SelectedLayer } from '../layers/layer.ts'
import { unanswered, withDefaults } from '../options/defaults.ts'
import { checkDirectory, resolveTarget } from '../options/name.ts'
import type { Target } from '../options/name.ts'
import { packageManagerOf } from '../package-managers.ts'
import { questions } from '../options/questions.ts'
import type { Flags, Options } from '../options/questions.ts'
import { templateData } from '../plan/data.ts'
import { makePlan } from '../plan/plan.ts'
import type { Plan, PlanInput, TemplateData } from '../plan/types.ts'
import { addRecord, RECORD_PATH } from '../repo/record.ts'
import { checkTarget, writePlan } from '../repo/write.ts'
import { createdReport } from '../report/created.ts'
import type { Created } from '../report/created.ts'
import { dryRunReport, listFiles } from '../report/dry-run.ts'
import { createdDocument, dryRunDocument } from '../report/json.ts'
import { setupSentences } from '../report/setup.ts'
import { continueCommand, repeatCommand } from '../report/repeat.ts'
import { portablePath, portableWord } from '../shell.ts'
import { summary } from '../report/summary.ts'
import type { GitResult } from '../setup/git.ts'
import { watchSignals } from '../system/signals.ts'
import type { Signals } from '../system/signals.ts'
import type { SetUp } from './setup.ts'
import { screenFor } from './context.ts'
import type { Context } from './context.ts'
import { nodeWarning } from './node.ts'

/** A repository that can be written: what, where, and what it was made from. */
interface Prepared {
  readonly options: Options
  readonly target: Target
  readonly layers: readonly SelectedLayer[]
  readonly data: TemplateData
  readonly plan: Plan
  readonly warnings: readonly string[]
}

interface Done {
  /** How many seconds it took; nothing when it wasn't asked for. */
  readonly installed?: number
  readonly git: GitResult
}

/**
 * Creates a repository: asks what no flag says, plans it, writes it, sets it
 * up and says what comes next.
 *
 * @throws CliError when an answer is missing or wrong, the target can't be
 *   used, or the installation fails; nothing is written but in the last case
 */
export async function create(flags: Flags, context: Context): Promise<void> {
  const before = flags.setup && !flags['dry-run'] ? earlier(flags, context) : undefined
  if (before) return goOn(flags, { ...context, cwd: before.path })
  const answers = await answer(flags, context)
  const prepared = await prepare(answers, context)
  checkTarget(prepared.target.path, [...prepared.plan.keys()])
  if (flags['dry-run']) return reportDryRun(flags, prepared, context)
  const done = await write(flags, prepared, context)
  const setUp = prepared.options.setup ? await connect(flags, prepared, context) : undefined
  reportCreated(flags, prepared, { ...done, ...setUp }, context)
}

/** The directory, if an earlier run with --setup has made the repository there. */
function earlier({ directory, yes }: Flags, context: Context): Target | undefined {
  const named = directory ?? (yes ? questions.directory.default : undefined)
  if (named === undefined || checkDirectory(named, context.cwd)) return undefined
  const target = resolveTarget(named, context.cwd)
  return existsSync(join(target.path, RECORD_PATH)) ? target : undefined
}

async function goOn(flags: Flags, context: Context): Promise<void> {
  const { setup } = await import('./setup.ts')
  return setup(flags, context)
}

async function connect(flags: Flags, { target }: Prepared, context: Context): Promise<SetUp> {
  const { setUp } = await import('./setup.ts')
  const { readProject } = await import('../project/project.ts')
  const project = readProject(target.path, context.builtin)
  return setUp(project, flags, context, goThere(target, context.cwd))
}

/** The command that leads to the app, where every shell has one. */
function goThere(target: Target, cwd: string): string[] {
  const path = portableWord(pathFrom(cwd, target))
  return path === undefined ? [] : [`cd ${path}`]
}

async function answer(flags: Flags, context: Context): Promise<Flags> {
  if (flags.directory !== undefined) targetOf(flags.directory, context)
  if (flags.yes) return flags
  if (!context.isTerminal || flags.json) {
    const open = unanswered(flags, context.offer)
    if (open.length === 0) return flags
    throw new CliError(`Not said, and nobody to ask: ${open.join('; ')}.`, {
      exitCode: 2,
      fix: 'Say it, or take the defaults with --yes.',
    })
  }
  const asking = {
    offer: context.offer,
    problemWith: (directory: string) => problemWith({ ...flags, directory }, context),
    summary: (answers: Flags) => summaryOf(answers, context),
  }
  if (context.env['TERM'] === 'dumb') {
    const { askPlainly } = await import('../options/plain-prompts.ts')
    return askPlainly(flags, asking)
  }
  const { ask } = await import('../options/prompts.ts')
  return ask(flags, asking)
}

function problemWith(flags: Flags, context: Context): string | undefined {
  try {
    checkDefaults(flags, context)
    return undefined
  } catch (error) {
    if (error instanceof CliError) return error.message
    throw error
  }
}

/** What the answers amount to, for the last look. */
function summaryOf(flags: Flags, context: Context): string {
  const options = optionsOf(flags, context)
  const { path } = targetOf(options.directory, context)
  const titles = featureTitles(builtinSelection(options, context.builtin))
  return summary({ options, path, features: [...titles, ...options.layer] }, context.style)
}

/** Whether the directory can take a repository, before the other questions are asked. */
function checkDefaults(flags: Flags, context: Context): void {
  const options = withDefaults({ ...flags, layer: [] }, 'npm')
  const target = targetOf(options.directory, context)
  const plan = makePlan(
    builtinSelection(options, context.builtin),
    planInput(options, target, context),
  )
  checkTarget(target.path, [...plan.keys()])
}

/** @throws CliError with exit code 2 when the directory's name can't be used */
function targetOf(directory: string, { cwd }: Context): Target {
  const problem = checkDirectory(directory, cwd)
  if (problem) {
    throw new CliError(problem.message, {
      exitCode: 2,
      ...(problem.suggestion !== undefined && {
        fix: `${problem.suggestion} would do.`,
      }),
    })
  }
  return resolveTarget(directory, cwd)
}

async function prepare(flags: Flags, context: Context): Promise<Prepared> {
  const options = optionsOf(flags, context)
  const target = targetOf(options.directory, context)
  const input = planInput(options, target, context)
  const layers = [
    ...builtinSelection(options, context.builtin),
    ...(await fetchedSelection(options.layer, context.cwd)),
  ]
  const plan = addRecord(makePlan(layers, input), layers, input)
  const warnings = [
    nodeWarning(plan, context.nodeVersion),
    options.port < 1024
      ? `Port ${options.port} needs special rights on many systems, as all below 1024 do.`
      : undefined,
  ].filter((warning) => warning !== undefined)
  const data = templateData(layers, input)
  return { options, target, layers, data, plan, warnings }
}

function optionsOf(flags: Flags, { env }: Context): Options {
  return withDefaults(flags, packageManagerOf(env['npm_config_user_agent']))
}

function planInput(options: Options, target: Target, { version }: Context): PlanInput {
  return {
    name: target.name,
    port: options.port,
    packageManager: options.pm,
    secret: randomBytes(32).toString('hex'),
    generatorVersion: version,
  }
}

/** The base with the package manager as its choice, and what the answers take of the others. */
function builtinSelection(options: Options, [base, ...others]: readonly Layer[]): SelectedLayer[] {
  const optional = others.flatMap((layer) => {
    const taken = options[layer.name as 'tailwind' | 'social']
    if (taken === false || (Array.isArray(taken) && taken.length === 0)) {
      return []
    }
    return [{ layer, choices: taken === true ? [] : taken }]
  })
  return [{ layer: base as Layer, choices: [options.pm] }, ...optional]
}

async function fetchedSelection(sources: readonly string[], cwd: string): Promise<SelectedLayer[]> {
  if (sources.length === 0) return []
  const { fetchLayer } = await import('../layers/fetch.ts')
  const layers: SelectedLayer[] = []
  for (const source of sources) {
    const layer = await fetchLayer(source, cwd)
    layers.push({ layer, choices: Object.keys(layer.manifest.choices ?? {}) })
  }
  return layers
}

/** The only effects on the disk; a signal takes all of them back. */
async function write(
  flags: Flags,
  { plan, target, options, data }: Prepared,
  context: Context,
): Promise<Done> {
  const signals = watchSignals('Cancelled. What this run had written was removed.')
  try {
    const written = writePlan(plan, target.path)
    const leftovers = await newLeftovers(options, target)
    try {
      await signals.check()
      const { pm } = data
      return await finish(flags, { options, target, pm, signals }, context)
    } catch (error) {
      if (error instanceof CliError && error.exitCode > 2) {
        written.undo(leftovers)
      }
      throw error
    }
  } finally {
    signals.release()
  }
}

/** What an installer or git will leave, and what wasn't there before. */
async function newLeftovers({ install, git }: Options, { path }: Target): Promise<string[]> {
  if (!install && !git) return []
  const { leftovers } = await import('../setup/install.ts')
  return leftovers.filter((name) => !existsSync(join(path, name)))
}

interface Finishing extends Pick<Prepared, 'options' | 'target'> {
  readonly pm: TemplateData['pm']
  readonly signals: Signals
}

async function finish(
  flags: Flags,
  { options, target, pm, signals }: Finishing,
  context: Context,
): Promise<Done> {
  const cwd = target.path
  const seconds = options.install
    ? { installed: await installIn(flags, { options, target, pm, signals }, context) }
    : {}
  if (!options.git) return { ...seconds, git: { committed: false } }
  const { firstCommit } = await import('../setup/git.ts')
  const git = await firstCommit({ cwd })
  await signals.check()
  return { ...seconds, git }
}

/** @returns how many seconds it took */
async function installIn(
  flags: Flags,
  { options, target, pm, signals }: Finishing,
  context: Context,
): Promise<number> {
  const { install } = await import('../setup/install.ts')
  const { startProgress } = await import('../system/progress.ts')
  const show = flags.verbose === true
  const screen = screenFor(flags, context)
  const stop = startProgress(`Installing with ${pm.name}`, {
    ...screen,
    isLive: screen.isLive && !show,
  })
  let seconds = 0
  const ran = await install(pm, { cwd: target.path, show, signals }).finally(
    () => (seconds = stop()),
  )
  await signals.check()
  if (ran.exitCode === 0) return seconds
  const { installError } = await import('../setup/steps.ts')
  context.log(ran.output)
  throw installFailed(installError(pm, ran), pm, options, goThere(target, context.cwd), context)
}

function installFailed(
  { message }: CliError,
  pm: TemplateData['pm'],
  options: Options,
  there: readonly string[],
  { version }: Context,
): CliError {
  const rest = options.setup
    ? [continueCommand(pm.name, version)]
    : [pm.install, 'README.md has the steps after that.']
  return new CliError(message, {
    fix: ['The app is there, complete but for its dependencies. To go on:', ...there, ...rest].join(
      '\n',
    ),
    details: { step: 'install', done: [] },
  })
}

function pathFrom(cwd: string, target: Target): string {
  const path = relative(cwd, target.path)
  const deep = path.split(sep).filter((part) => part === '..').length > 2
  return portablePath(deep ? target.path : path, sep)
}

function reportDryRun(
  flags: Flags,
  { plan, target, options, warnings }: Prepared,
  context: Context,
): void {
  const files = listFiles(plan)
  context.print(
    flags.json
      ? dryRunDocument({
          target,
          options,
          files,
          warnings,
          version: context.version,
        })
      : dryRunReport(target.typed, files, warnings, context.style),
  )
}

function reportCreated(
  flags: Flags,
  prepared: Prepared,
  { installed, git, done: steps = [], warnings = [] }: Done & Partial<SetUp>,
  context: Context,
): void {
  const { options, target, layers, data, plan } = prepared
  const created: Created = {
    ...data,
    directory: target.typed,
    path: pathFrom(context.cwd, target),
    installed: installed !== undefined,
    connected: options.setup,
    fileCount: plan.size,
    features: featureTitles(layers),
    done: [
      ...(installed === undefined ? [] : [installedSentence(options, installed)]),
      ...(git.committed ? ['The first commit is made.'] : []),
      ...setupSentences(steps.filter(({ step }) => step !== 'install')),
    ],
    warnings: [...prepared.warnings, ...(git.problem ? [git.problem] : []), ...warnings],
    repeat: repeatCommand(options, target.name, context.version),
  }
  context.print(
    flags.json
      ? createdDocument({
          created,
          target,
          options,
          files: listFiles(plan),
          git,
          version: context.version,
        })
      : createdReport(created, context.style),
  )
}

function installedSentence({ pm }: Options, seconds: number): string {
  const time = seconds > 0 ? ` It took ${seconds} s.` : ''
  return `Dependencies are installed with ${pm}.${time}`
}

/** The titles of the layers, or of their choices where these were chosen from. */
function featureTitles([, ...layers]: readonly SelectedLayer[]): string[] {
  return layers.flatMap(({ layer: { manifest }, choices }) =>
    choices.length === 0
      ? [manifest.title]
      : choices.map((choice) => manifest.choices?.[choice]?.title ?? choice),
  )
}
