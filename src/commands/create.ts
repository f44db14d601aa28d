import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { CliError } from '../errors.ts'
import type { Layer, SelectedLayer } from '../layers/layer.ts'
import { packageManagerOf, unanswered, withDefaults } from '../options/defaults.ts'
import { checkDirectory, resolveTarget } from '../options/name.ts'
import type { Target } from '../options/name.ts'
import type { Flags, Offer, Options } from '../options/questions.ts'
import { templateData } from '../plan/data.ts'
import { makePlan } from '../plan/plan.ts'
import type { Plan, PlanInput, TemplateData } from '../plan/types.ts'
import { addRecord } from '../repo/record.ts'
import { checkTarget, writePlan } from '../repo/write.ts'
import { createdReport } from '../report/created.ts'
import type { Created } from '../report/created.ts'
import { dryRunReport, listFiles } from '../report/dry-run.ts'
import { createdDocument, dryRunDocument } from '../report/json.ts'
import { repeatCommand } from '../report/repeat.ts'
import { portablePath, portableWord } from '../report/shell.ts'
import type { Style } from '../report/style.ts'
import type { GitResult } from '../setup/git.ts'
import { watchSignals } from '../setup/signals.ts'
import type { Signals } from '../setup/signals.ts'
import { nodeWarning } from './node.ts'

/** What a run needs of the world around it. */
export interface Context {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** The generator's version. */
  readonly version: string
  readonly nodeVersion: string
  /** Someone can be asked. */
  readonly isTerminal: boolean
  readonly builtin: readonly Layer[]
  readonly offer: Offer
  readonly style: Style
  /** Writes to standard output. */
  readonly print: (text: string) => void
  /** Writes to standard error. */
  readonly log: (text: string) => void
}

/** A repository that can be written: what, where, and what it was made from. */
interface Prepared {
  readonly options: Options
  readonly target: Target
  readonly layers: readonly SelectedLayer[]
  readonly data: TemplateData
  readonly plan: Plan
  readonly warnings: readonly string[]
}

interface SetUp {
  readonly installed: boolean
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
  const answers = await answer(flags, context)
  const prepared = await prepare(answers, context)
  checkTarget(prepared.target.path, [...prepared.plan.keys()])
  if (flags['dry-run']) return reportDryRun(flags, prepared, context)
  const done = await write(flags, prepared, context)
  reportCreated(flags, prepared, done, context)
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
  const { ask } = await import('../options/prompts.ts')
  return ask(flags, context.offer, (directory) => {
    try {
      return void checkDefaults({ ...flags, directory }, context)
    } catch (error) {
      if (error instanceof CliError) return error.message
      throw error
    }
  })
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
  const options = withDefaults(flags, packageManagerOf(context.env['npm_config_user_agent']))
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
): Promise<SetUp> {
  const signals = watchSignals()
  try {
    const written = writePlan(plan, target.path)
    const leftovers = await newLeftovers(options, target)
    try {
      await signals.check()
      const { pm } = data
      return await setUp(flags, { options, target, pm, signals }, context)
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

async function setUp(
  flags: Flags,
  {
    options,
    target,
    pm,
    signals,
  }: Pick<Prepared, 'options' | 'target'> & {
    pm: TemplateData['pm']
    signals: Signals
  },
  context: Context,
): Promise<SetUp> {
  const cwd = target.path
  if (options.install) {
    const { install } = await import('../setup/install.ts')
    if (!flags.json) context.print(`Installing with ${pm.name} …\n`)
    const show = flags.verbose === true
    const { exitCode, output } = await install(pm, { cwd, show, signals })
    await signals.check()
    if (exitCode !== 0) {
      context.log(output)
      throw installFailed(pm, target, exitCode, context.cwd)
    }
  }
  if (!options.git) return { installed: options.install, git: { committed: false } }
  const { firstCommit } = await import('../setup/git.ts')
  const git = await firstCommit({ cwd })
  await signals.check()
  return { installed: options.install, git }
}

function installFailed(
  pm: TemplateData['pm'],
  target: Target,
  exitCode: number | undefined,
  cwd: string,
): CliError {
  const path = portableWord(pathFrom(cwd, target))
  const message =
    exitCode === undefined
      ? `${pm.name} isn't on the PATH, so nothing was installed.`
      : `\`${pm.install}\` ended with exit code ${exitCode}. What it says is above.`
  const commands = path === undefined ? [] : [`cd ${path}`]
  return new CliError(message, {
    exitCode: 1,
    fix: [
      'The app is there, complete but for its dependencies. To go on:',
      ...commands,
      pm.install,
      'README.md has the steps after that.',
    ].join('\n'),
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
  { installed, git }: SetUp,
  context: Context,
): void {
  const { options, target, layers, data, plan } = prepared
  const created: Created = {
    ...data,
    directory: target.typed,
    path: pathFrom(context.cwd, target),
    installed,
    fileCount: plan.size,
    features: featureTitles(layers),
    done: [
      ...(installed ? [`Dependencies are installed with ${options.pm}.`] : []),
      ...(git.committed ? ['The first commit is made.'] : []),
    ],
    warnings: [...prepared.warnings, ...(git.problem ? [git.problem] : [])],
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

/** The titles of the layers, or of their choices where these were chosen from. */
function featureTitles([, ...layers]: readonly SelectedLayer[]): string[] {
  return layers.flatMap(({ layer: { manifest }, choices }) =>
    choices.length === 0
      ? [manifest.title]
      : choices.map((choice) => manifest.choices?.[choice]?.title ?? choice),
  )
}
