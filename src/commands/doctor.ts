import { join } from 'node:path'
import type { Problem, Subject } from '../doctor/check.ts'
import { environmentChecks } from '../doctor/environment.ts'
import { generatedChecks } from '../doctor/generated.ts'
import { packageChecks } from '../doctor/packages.ts'
import { secretChecks } from '../doctor/secrets.ts'
import { toolChecks } from '../doctor/tools.ts'
import { CliError } from '../errors.ts'
import type { ExitCode } from '../errors.ts'
import type { Flags } from '../options/questions.ts'
import { makePlan } from '../plan/plan.ts'
import { readIfThere } from '../project/find.ts'
import { parseManifest } from '../project/packages.ts'
import type { Manifest } from '../project/packages.ts'
import { readProject } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { doctorDocument, doctorReport } from '../report/doctor.ts'
import { convexOf } from '../setup/convex.ts'
import { startProgress } from '../setup/progress.ts'
import { watchSignals } from '../setup/signals.ts'
import type { Signals } from '../setup/signals.ts'
import { deployedVariables } from '../setup/variables.ts'
import { screenFor } from './context.ts'
import type { Context } from './context.ts'

/**
 * Looks at everything that has to be right for the app to run, and changes nothing.
 *
 * @returns 1 when something isn't
 * @throws CliError when the repository isn't ours
 */
export async function doctor(flags: Flags, context: Context): Promise<void | ExitCode> {
  const project = readProject(context.cwd, context.builtin)
  const screen = screenFor(flags, context)
  const signals = watchSignals('Cancelled.')
  const stop = startProgress('Looking at everything', screen)
  try {
    const subject = await subjectOf(project, context, signals)
    const checks = [
      ...(await toolChecks(subject)),
      ...packageChecks(subject),
      ...(await environmentChecks(subject)),
      ...generatedChecks(subject),
      ...(await secretChecks(subject)),
    ]
    stop()
    const { version, style } = context
    context.print(
      flags.json
        ? doctorDocument(checks, { path: project.root, version })
        : doctorReport(checks, style),
    )
    return checks.every(({ ok }) => ok) ? undefined : 1
  } finally {
    stop()
    signals.release()
  }
}

async function subjectOf(project: Project, context: Context, signals: Signals): Promise<Subject> {
  return {
    project,
    manifest: parseManifest(readIfThere(join(project.root, 'package.json')) ?? ''),
    tested: testedSet(project),
    nodeVersion: context.nodeVersion,
    deployed: await askDeployment(project, context, signals),
  }
}

/** The package.json that this generator would write. */
function testedSet({ layers, input }: Project): Manifest {
  const file = makePlan(layers, input).get('package.json')
  return parseManifest(String(file?.content ?? ''))
}

async function askDeployment(
  project: Project,
  { env }: Context,
  signals: Signals,
): Promise<Subject['deployed']> {
  const { local, pm } = project
  const names = ['CONVEX_DEPLOYMENT', 'CONVEX_SELF_HOSTED_URL', 'CONVEX_DEPLOY_KEY']
  if (!names.some((name) => env[name] || local?.[name])) {
    const message = 'No Convex deployment is chosen yet.'
    return { problem: { message, fix: [`${pm.exec} convex init`] } }
  }
  try {
    return { values: await deployedVariables(convexOf(project), project, { signals }) }
  } catch (error) {
    if (error instanceof CliError && error.exitCode === 1) return { problem: asProblem(error) }
    throw error
  }
}

const asProblem = ({ message, fix = '' }: CliError): Problem => ({ message, fix: fix.split('\n') })
