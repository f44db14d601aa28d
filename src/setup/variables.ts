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
 * The variables that a deployment has, with their values: never to be printed. The names
 * alone wouldn't tell which are empty, and so as good as missing.
 *
 * @throws CliError when the Convex CLI can't say
 */
export async function deployedVariables(
  convex: Convex,
  { pm }: Repository,
  where: DeploymentOptions,
): Promise<Variables> {
  const args = ['env', 'list', ...forProd(where), '--include-values']
  const result = await convex(args, withSignals(where))
  await where.signals?.check()
  if (result.exitCode === 0) return parseEnv(result.stdout)
  throw failure(result, `\`${pm.exec} convex env list\``, pm.exec)
}

/**
 * Sets on a deployment what we know of the app's variables: `.env.convex`, and
 * what that hasn't or where it isn't meant, the address and a fresh secret. Values go through a
 * file or standard input: the arguments of a program are there for all to see.
 *
 * @throws CliError when the Convex CLI fails; a variable with another value is
 *   overwritten only if it is empty, or `overwrite` agrees
 */
export async function setVariables(
  convex: Convex,
  project: Repository,
  setting: VariableOptions,
): Promise<void> {
  const text = readIfThere(join(project.root, '.env.convex'))
  const values = parseEnv(text ?? '')
  if (!setting.prod) {
    requireSecret(values)
    requireTrustedOrigins(values, setting.siteUrl, project.siteUrl)
  }
  const isWhole = values['BETTER_AUTH_SECRET'] !== undefined && values['SITE_URL'] !== ''
  const isFile = isWhole && !setting.prod && setting.siteUrl === undefined
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
  if (result.exitCode !== 0 && (await mayOverwrite(convex, project, setting, result.output))) {
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

/** What is empty there is as good as missing; of other values, the user decides. */
async function mayOverwrite(
  convex: Convex,
  project: Repository,
  setting: VariableOptions,
  output: string,
): Promise<boolean> {
  if (!CONFLICT.test(output)) return false
  const names = conflictingNames(output)
  const deployed = await deployedVariables(convex, project, setting)
  const isEmpty = names.length > 0 && names.every((name) => deployed[name] === '')
  return isEmpty || (await setting.overwrite?.()) === true
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

/** @throws CliError where Better Auth would sign with its published default in place of a secret */
function requireSecret({ BETTER_AUTH_SECRET: secret }: Variables): void {
  if (secret !== '') return
  throw new CliError(
    'BETTER_AUTH_SECRET in .env.convex is empty: anybody could sign in as anybody.',
    {
      fix: [
        'Take the line out, and a deployment without a secret gets a new one. Or put one there:',
        `node -p "crypto.randomBytes(32).toString('hex')"`,
      ].join('\n'),
    },
  )
}

/** @throws CliError where the app would not trust what TRUSTED_ORIGINS names */
function requireTrustedOrigins(
  { SITE_URL, TRUSTED_ORIGINS }: Variables,
  given: string | undefined,
  local: string,
): void {
  const { refused } = sortOrigins(given ?? (SITE_URL || local), TRUSTED_ORIGINS)
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
  const { SITE_URL, BETTER_AUTH_SECRET: secret } = parseEnv(local)
  const lines = [local, `SITE_URL=${setting.siteUrl ?? (SITE_URL || project.siteUrl)}`]
  if (!secret && !(await deployedVariables(convex, project, setting))['BETTER_AUTH_SECRET']) {
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
