import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { CliError } from '../errors.ts'
import { readIfThere } from '../project/find.ts'
import { installedPackage } from '../project/packages.ts'
import type { Project, Variables } from '../project/project.ts'
import { convexOf, whyConvexFailed, whyInstallFailed } from './convex.ts'
import { install } from './install.ts'
import { startProgress } from '../system/progress.ts'
import type { Screen } from '../system/progress.ts'
import type { Signals } from '../system/signals.ts'
import { setVariables } from './variables.ts'

export const stepNames = ['install', 'deployment', 'variables'] as const

export type StepName = (typeof stepNames)[number]

/** A step of the set-up, and whether it was done before. */
export interface StepDone {
  readonly step: StepName
  readonly before: boolean
}

/** What the set-up needs of the world around it. */
export interface Connecting {
  readonly screen: Screen
  /** Someone sits there: programs may ask. */
  readonly interactive: boolean
  /** Installs what isn't there. */
  readonly install: boolean
  /** Shows what programs print. */
  readonly show: boolean
  readonly signals: Signals
  /** Writes to standard error. */
  readonly log: (text: string) => void
  readonly overwrite?: () => Promise<boolean>
}

/** The set-up stopped at a step; the ones before it are done. */
export class SetupStopped extends Error {
  override name = 'SetupStopped'
  readonly step: StepName
  readonly done: readonly StepDone[]

  constructor(step: StepName, done: readonly StepDone[], cause: CliError) {
    super(cause.message, { cause })
    this.step = step
    this.done = done
  }
}

/**
 * Installs, connects the repository to a Convex deployment and sets its
 * variables; what is done already stays as it is, so it can be run again.
 *
 * @throws SetupStopped at the first step that fails
 */
export async function connect(project: Project, world: Connecting): Promise<StepDone[]> {
  const steps = { install: installOnce, deployment: initOnce, variables: setOnce }
  const done: StepDone[] = []
  for (const step of stepNames) {
    try {
      done.push({ step, before: (await steps[step](project, world)) === 'before' })
    } catch (error) {
      if (error instanceof CliError) throw new SetupStopped(step, done, error)
      throw error
    }
  }
  return done
}

type Outcome = 'now' | 'before'

async function installOnce({ root, pm }: Project, world: Connecting): Promise<Outcome> {
  if (installedPackage(root, 'convex') || !world.install) return 'before'
  const { signals, show } = world
  const stop = startProgress(`Installing with ${pm.name}`, world.screen)
  const result = await install(pm, { cwd: root, show, signals }).finally(stop)
  await signals.check()
  if (result.exitCode === 0) return 'now'
  world.log(result.output)
  throw installError(pm, result)
}

/** Why an installation failed, as a sentence. */
export function installError(
  pm: Project['pm'],
  { exitCode, output }: { exitCode: number | undefined; output: string },
): CliError {
  if (exitCode === undefined) {
    return new CliError(`${pm.name} isn't on the PATH, so nothing was installed.`)
  }
  const why = whyInstallFailed(output)
  return new CliError(
    `\`${pm.install}\` ended with exit code ${exitCode}.${why ? ` ${why}` : ''} What it says is above.`,
  )
}

/** Whether a deployment is chosen, and the app knows its addresses. */
export function isConnected(local: Variables | undefined, env: Variables): boolean {
  if (!local?.['VITE_CONVEX_URL'] || !local['VITE_CONVEX_SITE_URL']) return false
  const chosen = (name: string) => env[name] ?? local[name]
  const selfHosted = chosen('CONVEX_SELF_HOSTED_URL')
  if (selfHosted) return selfHosted === local['VITE_CONVEX_URL']
  return Boolean(chosen('CONVEX_DEPLOYMENT') ?? chosen('CONVEX_DEPLOY_KEY'))
}

async function initOnce(project: Project, world: Connecting): Promise<Outcome> {
  if (isConnected(project.local, process.env)) return 'before'
  const { pm, root } = project
  const { interactive, show, signals } = world
  const convex = convexOf(project)
  const title = `Connecting Convex: ${pm.exec} convex init`
  const stop = startProgress(title, {
    ...world.screen,
    isLive: world.screen.isLive && !interactive,
  })
  const result = await convex(['init'], { interactive, show, signals }).finally(stop)
  await signals.check()
  if (result.exitCode === 130) throw setupCancelled()
  if (result.exitCode !== 0) {
    world.log(result.output)
    const why = whyConvexFailed(result, pm.exec)
    const ended = `\`${pm.exec} convex init\` ended with exit code ${result.exitCode}.`
    throw new CliError(
      `${ended} ${why ? why.message : ''} What it says is above.`.replace('  ', ' '),
      {
        ...(why && { fix: why.fix }),
      },
    )
  }
  const local = parseEnv(readIfThere(join(root, '.env.local')) ?? '')
  if (local['VITE_CONVEX_URL'] && local['VITE_CONVEX_SITE_URL']) return 'now'
  throw new CliError('`convex init` ended well, and .env.local lacks the addresses of Convex.', {
    fix: 'Take CONVEX_URL and CONVEX_SITE_URL out of .env.local: only the VITE_ names belong there.',
  })
}

const setupCancelled = () =>
  new CliError('Cancelled. The app is there, and nothing of it was removed.', { exitCode: 130 })

async function setOnce(project: Project, world: Connecting): Promise<Outcome> {
  const { overwrite, signals } = world
  const stop = startProgress("Setting the deployment's variables", world.screen)
  const ask = overwrite && (() => (stop(), overwrite()))
  await setVariables(convexOf(project), project, { signals, overwrite: ask }).finally(stop)
  return 'now'
}
