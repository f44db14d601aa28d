import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../errors.ts'
import type { Flags } from '../options/questions.ts'
import { installedPackage, packageJsonProblem } from '../project/packages.ts'
import { readProject } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { setupDocument } from '../report/json.ts'
import { continueCommand } from '../report/repeat.ts'
import { setupReport, stopped } from '../report/setup.ts'
import { StepError, stepNames } from '../setup/step.ts'
import type { StepResult } from '../setup/step.ts'
import { runSteps } from '../setup/steps.ts'
import { relativePath } from '../shell.ts'
import { watchSignals } from '../system/signals.ts'
import type { Context } from './context.ts'
import { portWarnings } from './warnings.ts'

/**
 * Sets up the repository that this folder is in, from where it stands.
 *
 * @param folder - where it is, if not where the user is
 * @throws CliError where package.json is of no use; at the step that fails, with what is done and
 *   how to go on
 */
export async function setup(
  flags: Flags,
  context: Context,
  folder: string = context.cwd,
): Promise<void> {
  const project = readProject(folder, context.builtin)
  const problem = packageJsonProblem(project.root, context.cwd)
  if (problem) throw new CliError(problem.message, { fix: problem.fix })
  const results = await setUpProject(project, flags, context)
  const done = results.filter(({ problem }) => problem === undefined)
  const problems = results.flatMap(({ problem }) => problem ?? [])
  const warnings = [...problems, ...(await portWarnings(project.siteUrl, project.portFile))]
  const { root, pm, env, providers, services, siteUrl } = project
  const { version, json, print, style } = context
  const next = {
    pm,
    providers,
    services,
    siteUrl,
    path: relativePath(context.cwd, root),
    installed: true,
    env: env.map((variable) => ({ ...variable, value: '' })),
  }
  print(
    json
      ? setupDocument({ version, root, done, warnings, next })
      : setupReport(done, next, warnings, style),
  )
}

async function setUpProject(
  project: Project,
  flags: Flags,
  context: Context,
): Promise<StepResult[]> {
  const installs = flags.install !== false || installedPackage(project.root, 'convex')
  const commits = flags.git === true && !existsSync(join(project.root, '.git'))
  const names = stepNames.filter(
    (name) => (name !== 'install' || installs) && (name !== 'commit' || commits),
  )
  const signals = watchSignals('Cancelled.')
  try {
    return await runSteps(names, project, { ...context, isNew: false, signals })
  } catch (error) {
    if (!(error instanceof StepError)) throw error
    const path = relativePath(context.cwd, project.root)
    const commands = [continueCommand(project.pm.name, context.version)]
    throw stopped(error, { path, commands })
  } finally {
    signals.release()
  }
}
