import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { CliError } from '../errors.ts'
import { readIfThere } from '../project/find.ts'
import { sortOrigins } from '../project/origins.ts'
import type { Variables } from '../project/project.ts'
import { CONFLICT, lastLines, whyConvexFailed } from './convex.ts'
import type { Convex } from './convex.ts'
import type { ProgramResult } from '../system/program.ts'
import type { Signals } from '../system/signals.ts'
import type { Repository } from './step.ts'

/** Asks whether `.env.convex` may overwrite what the deployment has. */
export async function confirmOverwrite(): Promise<boolean> {
  const { confirm } = await import('../options/prompts.ts')
  return confirm(
    'The deployment has other values for some of these. Overwrite them? (Another secret signs everyone out.)',
    false,
  )
}

/** Which deployment: the one of `.env.local`, or production. */
export interface DeploymentOptions {
  readonly prod?: boolean | undefined
  readonly signals?: Signals
}

/** A deployment to write to. */
export interface VariableOptions extends DeploymentOptions {
  /** For SITE_URL; by default what `.env.convex` says, or the local address. */
  readonly siteUrl?: string | undefined
  /** Whether to overwrite variables that have another value; without it, they stay. */
  readonly overwrite?: (() => Promise<boolean>) | undefined
}

/**
 * The names of the variables that a deployment has.
 *
 * @throws CliError when the Convex CLI can't say
 */
export async function deployedNames(
  convex: Convex,
  project: Repository,
  where: DeploymentOptions,
): Promise<string[]> {
  const text = await list(convex, project, where, '--names-only')
  return text.split(/\r?\n/).filter((line) => line !== '')
}

/** The variables that a deployment has, with their values: never to be printed. */
export async function deployedVariables(
  convex: Convex,
  project: Repository,
  where: DeploymentOptions,
): Promise<Variables> {
  return parseEnv(await list(convex, project, where, '--include-values'))
}

async function list(
  convex: Convex,
  { pm }: Repository,
  where: DeploymentOptions,
  form: string,
): Promise<string> {
  const result = await convex(['env', 'list', ...forProd(where), form], withSignals(where))
  await where.signals?.check()
  if (result.exitCode === 0) return result.stdout
  throw failure(result, `\`${pm.exec} convex env list\``, pm.exec)
}

/**
 * Sets on a deployment what we know of the app's variables: `.env.convex`, or
 * where that isn't meant, the address and a fresh secret. Values go through a
 * file or standard input: the arguments of a program are there for all to see.
 *
 * @throws CliError when the Convex CLI fails; a variable with another value is
 *   overwritten only if `overwrite` agrees
 */
export async function setVariables(
  convex: Convex,
  project: Repository,
  setting: VariableOptions,
): Promise<void> {
  const text = readIfThere(join(project.root, '.env.convex'))
  if (!setting.prod) requireTrustedOrigins(text, setting.siteUrl, project.siteUrl)
  const isFile = text !== undefined && !setting.prod && setting.siteUrl === undefined
  const source = isFile
    ? { args: ['--from-file', '.env.convex'] }
    : { args: [], input: await batch(convex, project, setting, text) }
  const set = (...more: string[]) =>
    convex(['env', 'set', ...forProd(setting), ...source.args, ...more], {
      ...withSignals(setting),
      ...('input' in source && { input: source.input }),
    })
  let result = await set()
  await setting.signals?.check()
  if (result.exitCode !== 0 && CONFLICT.test(result.output) && (await setting.overwrite?.())) {
    result = await set('--force')
    await setting.signals?.check()
  }
  const { exec } = project.pm
  if (result.exitCode === 0) return
  const names = conflictingNames(result.output)
  const error = failure(result, `\`${exec} convex env set\``, exec)
  if (isFile || names.length === 0) throw error
  throw new CliError(error.message, { fix: singly(names, exec, setting), cause: error })
}

/** What wasn't set from a file alone is set by name: without a value, Convex asks for it. */
function singly(names: readonly string[], exec: string, setting: VariableOptions): string {
  const prod = setting.prod ? ' --prod' : ''
  const value = (name: string) =>
    name === 'SITE_URL' && setting.siteUrl !== undefined ? ` ${setting.siteUrl}` : ''
  return [
    `See them: ${exec} convex env list${prod}`,
    'To put others in their place (another secret signs everyone out):',
    ...names.map((name) => `${exec} convex env set${prod} ${name}${value(name)}`),
  ].join('\n')
}

/** @throws CliError where the app would not trust what TRUSTED_ORIGINS names */
function requireTrustedOrigins(text = '', given: string | undefined, local: string): void {
  const { SITE_URL = local, TRUSTED_ORIGINS } = parseEnv(text)
  const { refused } = sortOrigins(given ?? SITE_URL, TRUSTED_ORIGINS)
  if (refused.length === 0) return
  throw new CliError(
    `TRUSTED_ORIGINS in .env.convex has ${refused.join(' and ')}, which the app doesn't trust: too wide, not an origin, or http beside a site on https.`,
    { fix: 'Name your own sites: https://*.your-domain.example' },
  )
}

/** What is set without a file, in the form of one. */
async function batch(
  convex: Convex,
  project: Repository,
  setting: VariableOptions,
  text: string | undefined,
): Promise<string> {
  const local = setting.prod ? '' : (text ?? '')
  const lines = [local, `SITE_URL=${setting.siteUrl ?? project.siteUrl}`]
  const isGiven = parseEnv(local)['BETTER_AUTH_SECRET'] !== undefined
  if (!isGiven && !(await deployedNames(convex, project, setting)).includes('BETTER_AUTH_SECRET')) {
    lines.push(`BETTER_AUTH_SECRET=${randomBytes(32).toString('hex')}`)
  }
  return `${lines.join('\n')}\n`
}

const forProd = ({ prod }: DeploymentOptions) => (prod ? ['--prod'] : [])

const withSignals = ({ signals }: DeploymentOptions) => (signals ? { signals } : {})

function failure(result: ProgramResult, what: string, exec: string): CliError {
  const why = whyConvexFailed(result, exec)
  const message = why?.message ?? `${what} ended with exit code ${result.exitCode}.`
  const isKnown = why !== undefined && !why.isGuess
  const full = isKnown ? message : `${message} Convex says:\n${lastLines(result.output).trim()}`
  return new CliError(conflicting(result.output) || full, {
    fix: why?.fix ?? `Fix what Convex reports, then run it again.`,
  })
}

/** Convex names them: `environment variables A and B already exist with different values`. */
function conflicting(output: string): string {
  const names = conflictingNames(output)
  const verb = names.length > 1 ? 'have other values' : 'has another value'
  const list = names.join(', ').replace(/, (?=[^,]*$)/, ' and ')
  return list && `${list} ${verb} on the deployment, and stayed as it was.`
}

function conflictingNames(output: string): string[] {
  const list = /environment variables? ([^]*?) already exist/.exec(output)?.[1] ?? ''
  return list.match(/[A-Za-z_][A-Za-z0-9_]*/g)?.filter((word) => word !== 'and') ?? []
}
