import { join } from 'node:path'
import type { Problem, Inspection } from '../doctor/check.ts'
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
import {
  installedPackage,
  isPlugAndPlay,
  leavePlugAndPlay,
  packageJsonProblem,
  parsePackageJson,
} from '../project/packages.ts'
import type { PackageJson } from '../project/packages.ts'
import { readProject } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { doctorDocument, doctorReport } from '../report/doctor.ts'
import { convexOf } from '../setup/convex.ts'
import { typedPath } from '../shell.ts'
import { startProgress } from '../system/progress.ts'
import { watchSignals } from '../system/signals.ts'
import type { Signals } from '../system/signals.ts'
import { deployedVariables } from '../setup/variables.ts'
import type { Context } from './context.ts'

/**
 * Looks at everything that has to be right for the app to run, and changes nothing.
 *
 * @returns 1 when something isn't; what couldn't be checked is no finding
 * @throws CliError when the repository isn't ours
 */
export async function doctor(_: Flags, context: Context): Promise<void | ExitCode> {
  const project = readProject(context.cwd, context.builtin)
  const signals = watchSignals('Cancelled.')
  const stop = startProgress('Looking at everything', context.screen)
  try {
    const inspection = await inspect(project, context, signals)
    const checks = [
      ...(await toolChecks(inspection)),
      ...(await packageChecks(inspection)),
      ...(await environmentChecks(inspection)),
      ...generatedChecks(inspection),
      ...(await secretChecks(inspection)),
    ]
    stop()
    const { version, style } = context
    context.print(
      context.json
        ? doctorDocument(checks, { path: project.root, version })
        : doctorReport(checks, style, typedPath(context.cwd, project.root)),
    )
    return checks.some(({ ok }) => ok === false) ? 1 : undefined
  } finally {
    stop()
    signals.release()
  }
}

async function inspect(project: Project, context: Context, signals: Signals): Promise<Inspection> {
  const text = readIfThere(join(project.root, 'package.json'))
  const problem = packageJsonProblem(project.root, project.root)
  return {
    project,
    manifest: parsePackageJson(text ?? ''),
    manifestProblem: problem && { ...problem, fix: [problem.fix] },
    tested: testedSet(project),
    nodeVersion: context.nodeVersion,
    deployed: await askDeployment(project, context, signals),
  }
}

/** The package.json that this generator would write. */
function testedSet({ layers, input }: Project): PackageJson {
  const file = makePlan(layers, input).get('package.json')
  return parsePackageJson(String(file?.content ?? ''))
}

async function askDeployment(
  project: Project,
  { env }: Context,
  signals: Signals,
): Promise<Inspection['deployed']> {
  const { local, pm } = project
  const names = ['CONVEX_DEPLOYMENT', 'CONVEX_SELF_HOSTED_URL', 'CONVEX_DEPLOY_KEY']
  if (!names.some((name) => env[name] || local?.[name])) {
    const message = 'No Convex deployment is chosen yet.'
    return { problem: { message, fix: [`${pm.exec} convex init`] } }
  }
  if (isPlugAndPlay(project.root)) {
    const message = "Yarn's Plug'n'Play hides the Convex CLI."
    return { isUnknown: true, problem: { message, fix: leavePlugAndPlay } }
  }
  if (!installedPackage(project.root, 'convex')) {
    const message = "The Convex CLI isn't installed."
    return { isUnknown: true, problem: { message, fix: [pm.install] } }
  }
  try {
    return { values: await deployedVariables(convexOf(project), project, { signals }) }
  } catch (error) {
    if (error instanceof CliError && error.exitCode === 1) return { problem: asProblem(error) }
    throw error
  }
}

const asProblem = ({ message, fix = '' }: CliError): Problem => ({ message, fix: fix.split('\n') })
