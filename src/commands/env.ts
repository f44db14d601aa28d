import { CliError } from '../errors.ts'
import type { ExitCode } from '../errors.ts'
import type { EnvVar } from '../layers/layer.ts'
import type { Flags } from '../options/questions.ts'
import { isNeeded } from '../plan/data.ts'
import { readProject } from '../project/project.ts'
import type { Project } from '../project/project.ts'
import { warningLine } from '../report/created.ts'
import { envDocument, envError, envReport } from '../report/env.ts'
import type { EnvStatus } from '../report/env.ts'
import { convexOf } from '../setup/convex.ts'
import type { Convex } from '../setup/convex.ts'
import { requirePlainText } from '../setup/deployment.ts'
import { relativePath } from '../shell.ts'
import { startProgress } from '../system/progress.ts'
import { watchSignals } from '../system/signals.ts'
import type { Signals } from '../system/signals.ts'
import { confirmOverwrite, deployedVariables, setVariables } from '../setup/variables.ts'
import type { Context } from './context.ts'

/**
 * Prints the commands that set the app's variables, or runs them, or compares
 * the app's variables with the deployment's.
 *
 * @returns 1 when `--check` finds that some are missing
 * @throws CliError when the repository isn't ours, the flags contradict each
 *   other, or the Convex CLI fails
 */
export async function env(flags: Flags, context: Context): Promise<void | ExitCode> {
  refuseContradictions(flags)
  sayWhatNpmTook(flags, context)
  const project = readProject(context.cwd, context.builtin)
  const path = relativePath(context.cwd, project.root)
  const asks = flags.check || flags.apply
  const asking = asks ? withConvex(project, flags, context) : undefined
  const missing = await asking?.catch((error: unknown) => {
    throw error instanceof CliError ? envError(error, project.pm, path) : error
  })
  const status = statusOf(project, flags, missing)
  context.print(
    context.json
      ? envDocument(status, project.root, context.version)
      : envReport(status, context.style, path),
  )
  return flags.check && missing && missing.length > 0 ? 1 : undefined
}

/** npm takes `--prod` for its own, and leaves NODE_ENV for it, which may be the user's as well. */
function sayWhatNpmTook({ prod }: Flags, { env: variables, isNpm, style, log }: Context): void {
  if (prod || !isNpm || variables['NODE_ENV'] !== 'production') return
  const note = `This is about the development deployment. If you gave --prod, npm took it as its own:\nnpm create start-convex-auth@latest env -- --prod`
  log(`${warningLine(note, style)}\n`)
}

function refuseContradictions(flags: Flags): void {
  if (flags.apply && flags.check) {
    throw new CliError('--apply and --check contradict each other.', {
      exitCode: 2,
      fix: 'Give one: --apply shows what is still missing, too.',
    })
  }
  if (flags.prod && flags.apply && flags['site-url'] === undefined) {
    throw new CliError('--prod --apply needs the address of the site.', {
      exitCode: 2,
      fix: 'For example: --site-url https://your-app.example',
    })
  }
}

/** @returns the variables that the deployment lacks */
async function withConvex(project: Project, flags: Flags, context: Context): Promise<EnvVar[]> {
  const signals = watchSignals('Cancelled.')
  const stop = startProgress('Asking the deployment', context.screen)
  try {
    requirePlainText(project.root)
    const convex = convexOf(project)
    if (flags.apply) await apply(project, flags, { ...context, convex, signals, stop })
    const { prod, 'site-url': given } = flags
    const where = { prod, signals }
    const values = await deployedVariables(convex, project, where)
    const site = given ?? (values['SITE_URL'] || (prod ? '' : project.siteUrl))
    return project.env.filter(
      (variable) => isNeeded(variable, project, site) && !values[variable.name],
    )
  } finally {
    stop()
    signals.release()
  }
}

function apply(
  project: Project,
  flags: Flags,
  { convex, signals, stop, interactive }: ApplyContext,
): Promise<void> {
  return setVariables(convex, project, {
    prod: flags.prod,
    siteUrl: flags['site-url'],
    signals,
    overwrite: interactive ? () => (stop(), confirmOverwrite()) : undefined,
  })
}

interface ApplyContext {
  readonly convex: Convex
  readonly signals: Signals
  readonly stop: () => void
  readonly interactive: boolean
}

function statusOf(
  project: Project,
  flags: Flags,
  missing: readonly EnvVar[] | undefined,
): EnvStatus {
  const { pm, env, providers, services, convex } = project
  const siteUrl = flags['site-url'] ?? (flags.prod ? undefined : project.siteUrl)
  return {
    pm,
    env,
    services,
    siteUrl,
    prod: flags.prod === true,
    hasFile: convex !== undefined && flags['site-url'] === undefined,
    providers: providers.map((provider) => ({
      ...provider,
      callbackUrl: (siteUrl ?? 'https://your-site.example') + provider.callback,
    })),
    missing,
    applied: flags.apply === true,
  }
}
