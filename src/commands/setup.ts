import { CliError } from '../errors.ts'
import type { Flags } from '../options/questions.ts'
import { readProject } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { continueCommand } from '../report/repeat.ts'
import { setupDocument } from '../report/json.ts'
import { setupReport, stoppedAt } from '../report/setup.ts'
import { connect, SetupStopped } from '../setup/steps.ts'
import type { StepDone } from '../setup/steps.ts'
import { isInUse } from '../system/port.ts'
import { watchSignals } from '../system/signals.ts'
import { screenFor } from './context.ts'
import type { Context } from './context.ts'

/** What was set up, and what may still keep the app from running. */
export interface SetUp {
  readonly done: readonly StepDone[]
  readonly warnings: readonly string[]
}

/**
 * Sets up the repository that this folder is in, from where it stands.
 *
 * @throws CliError at the step that fails, with what is done and how to go on
 */
export async function setup(flags: Flags, context: Context): Promise<void> {
  const project = readProject(context.cwd, context.builtin)
  const { done, warnings } = await setUp(project, flags, context, [])
  const { root, pm, env, providers, siteUrl } = project
  const input = { pm, providers, siteUrl, path: '', installed: true }
  const steps = { ...input, env: env.map((variable) => ({ ...variable, value: '' })) }
  context.print(
    flags.json
      ? setupDocument({ version: context.version, root, done, warnings, steps })
      : setupReport(done, steps, warnings, context.style),
  )
}

/**
 * Installs where that isn't done, connects Convex and sets the variables.
 *
 * @param goThere - the commands that lead to the repository
 * @throws CliError as `setup` does
 */
export async function setUp(
  project: Project,
  flags: Flags,
  context: Context,
  goThere: readonly string[],
): Promise<SetUp> {
  const signals = watchSignals('Cancelled. The app is there, and nothing of it was removed.')
  const interactive = context.isTerminal && !flags.yes && !flags.json
  try {
    const done = await connect(project, {
      screen: screenFor(flags, context),
      install: flags.install !== false,
      show: flags.verbose === true,
      signals,
      interactive,
      log: context.log,
      ...(interactive && { overwrite }),
    })
    return { done, warnings: await portWarnings(project) }
  } catch (error) {
    if (!(error instanceof SetupStopped)) throw error
    const again = continueCommand(project.pm.name, context.version)
    throw stopped(error, [...goThere, again])
  } finally {
    signals.release()
  }
}

async function overwrite(): Promise<boolean> {
  const { confirmOverwrite } = await import('./overwrite.ts')
  return confirmOverwrite()
}

function stopped(error: SetupStopped, commands: readonly string[]): CliError {
  const cause = error.cause as CliError
  const done = error.done.map(({ step }) => step)
  const { message, fix } = stoppedAt(
    error.step,
    { ...cause, message: cause.message, done },
    commands,
  )
  return new CliError(message, {
    exitCode: cause.exitCode,
    fix,
    cause,
    details: { step: error.step, done },
  })
}

async function portWarnings({ siteUrl }: Project): Promise<string[]> {
  const { port } = new URL(siteUrl)
  if (!(await isInUse(Number(port)))) return []
  return [
    `Port ${port} is in use. Stop the program that has it, or give the app another one:\nPORT in .env, and SITE_URL on the deployment.`,
  ]
}
