import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../errors.ts'
import { packageManagers } from '../package-managers.ts'
import { hasPnpFile, isPlugAndPlay, missingPackages } from '../project/packages.ts'
import { startProgress } from '../system/progress.ts'
import type { ProgramResult } from '../system/program.ts'
import { convexOf, lastLines, whyInstallFailed } from './convex.ts'
import { connect, isConnected } from './deployment.ts'
import { firstCommit } from './git.ts'
import { install } from './install.ts'
import { StepError, stepNames } from './step.ts'
import type { Repository, Step, StepContext, StepName, StepResult } from './step.ts'
import { confirmOverwrite, setVariables } from './variables.ts'

/** What each step does. */
const steps: Readonly<Record<StepName, Step>> = {
  install: async ({ root, pm }, { isNew, screen, verbose, signals, log }) => {
    const isInArchives = hasPnpFile(root) && isPlugAndPlay(root)
    if (!isNew && (isInArchives || missingPackages(root).length === 0)) {
      return { before: true }
    }
    const stop = startProgress(`Installing with ${pm.name}`, screen)
    let seconds = 0
    const result = await install(pm, { cwd: root, show: verbose, signals }).finally(
      () => (seconds = stop()),
    )
    await signals.check()
    if (result.exitCode !== 0) {
      log(lastLines(result.output))
      throw installError(pm, result)
    }
    const problem = whatIsMissing(root, pm)
    return { before: false, seconds, ...(problem && { problem }) }
  },
  commit: async ({ root, pm, files = [] }, { signals }) => {
    const { lockfiles } = packageManagers[pm.name]
    const locks = lockfiles.filter((name) => existsSync(join(root, name)))
    const { problem } = await firstCommit({ cwd: root, signals, files: [...files, ...locks] })
    return { before: false, ...(problem !== undefined && { problem }) }
  },
  deployment: async (repository, context) => {
    if (isConnected(repository.root)) return { before: true }
    await connect(repository, context)
    return { before: false }
  },
  variables: async (repository, { screen, interactive, signals }) => {
    const stop = startProgress("Setting the deployment's variables", screen)
    const overwrite = interactive ? () => (stop(), confirmOverwrite()) : undefined
    const options = { signals, overwrite }
    await setVariables(convexOf(repository), repository, options).finally(stop)
    return { before: false }
  },
}

/**
 * Runs steps of the set-up in their order; what is done already stays as it
 * is, so it can be run again.
 *
 * @param names - which of them
 * @throws StepError at the first one that fails or is cancelled
 */
export async function runSteps(
  names: readonly StepName[],
  repository: Repository,
  context: StepContext,
): Promise<StepResult[]> {
  const results: StepResult[] = []
  for (const step of stepNames.filter((name) => names.includes(name))) {
    try {
      const outcome = await steps[step](repository, context)
      await context.signals.check()
      results.push({ step, ...outcome })
    } catch (error) {
      if (!(error instanceof CliError)) throw error
      const done = results.map((result) => result.step)
      throw new StepError(step, done, error)
    }
  }
  return results
}

/** What an installation that ended well didn't install: a setting can make it do so, and say nothing. */
function whatIsMissing(root: string, pm: Repository['pm']): string | undefined {
  const names = isPlugAndPlay(root) ? [] : missingPackages(root)
  if (names.length === 0) return undefined
  const more = names.length > 3 ? ` and ${names.length - 3} more` : ''
  return `\`${pm.install}\` left out ${names.slice(0, 3).join(', ')}${more}: a setting of ${pm.name} tells it to.\nTake that away (production, omit, dev or dry-run), then, in the app's folder:\n${pm.install}`
}

function installError(pm: Repository['pm'], { exitCode, output }: ProgramResult): CliError {
  if (exitCode === undefined) {
    return new CliError(`${pm.name} isn't on the PATH, so nothing was installed.`)
  }
  const why = whyInstallFailed(output)
  return new CliError(
    `\`${pm.install}\` ended with exit code ${exitCode}.${why ? ` ${why}` : ''} What it says is above.`,
  )
}
