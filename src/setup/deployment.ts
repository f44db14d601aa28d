import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { CliError } from '../errors.ts'
import { readIfThere, strangeEncoding } from '../project/find.ts'
import type { Variables } from '../project/project.ts'
import type { ProgramResult } from '../system/program.ts'
import { startProgress } from '../system/progress.ts'
import { convexOf, lastLines, whyConvexFailed } from './convex.ts'
import type { Repository, StepContext } from './step.ts'

/** Whether a deployment is chosen, and the app knows its addresses. */
export function isConnected(root: string): boolean {
  requirePlainText(root)
  const local = localVariables(root)
  if (!local['VITE_CONVEX_URL'] || !local['VITE_CONVEX_SITE_URL']) return false
  const chosen = (name: string) => process.env[name] ?? local[name]
  const selfHosted = chosen('CONVEX_SELF_HOSTED_URL')
  if (selfHosted) return selfHosted === local['VITE_CONVEX_URL']
  return Boolean(chosen('CONVEX_DEPLOYMENT') || chosen('CONVEX_DEPLOY_KEY'))
}

/** @throws CliError when Convex and Vite would misread a file of variables */
export function requirePlainText(root: string): void {
  for (const name of ['.env', '.env.local', '.env.convex']) {
    const encoding = strangeEncoding(join(root, name))
    if (encoding === undefined) continue
    throw new CliError(`${name} is saved as ${encoding}: Vite and Convex misread it.`, {
      fix: `Save ${name} as plain UTF-8, then run this again.`,
    })
  }
}

/**
 * Connects the repository to a Convex deployment: `convex init`.
 *
 * @throws CliError when the Convex CLI fails, or leaves no addresses
 */
export async function connect(
  repository: Repository,
  { screen, interactive, verbose, signals, log }: StepContext,
): Promise<void> {
  const { exec } = repository.pm
  const convex = convexOf(repository)
  // Where the CLI may ask, the line is its own.
  const isLive = screen.isLive && !interactive
  const stop = startProgress(`Connecting Convex: ${exec} convex init`, { ...screen, isLive })
  const result = await convex(['init'], { interactive, show: verbose, signals }).finally(stop)
  await signals.check()
  if (result.exitCode === 130) throw new CliError('Cancelled.', { exitCode: 130 })
  if (result.exitCode !== 0) {
    log(lastLines(result.output))
    throw initError(result, exec)
  }
  requireAddresses(localVariables(repository.root))
}

const localVariables = (root: string): Variables =>
  parseEnv(readIfThere(join(root, '.env.local')) ?? '')

function initError(result: ProgramResult, exec: string): CliError {
  const why = whyConvexFailed(result, exec)
  const ended = `\`${exec} convex init\` ended with exit code ${result.exitCode}.`
  return new CliError([ended, why?.message, 'What it says is above.'].filter(Boolean).join(' '), {
    ...(why && { fix: why.fix }),
  })
}

function requireAddresses(local: Variables): void {
  if (local['VITE_CONVEX_URL'] && local['VITE_CONVEX_SITE_URL']) return
  throw new CliError('`convex init` succeeded, but .env.local has no addresses of Convex.', {
    fix: 'Take CONVEX_URL and CONVEX_SITE_URL out of .env.local: only the VITE_ names belong there.',
  })
}
