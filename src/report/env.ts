import { CliError } from '../errors.ts'
import type { EnvVar } from '../layers/layer.ts'
import type { TemplateData } from '../plan/types.ts'
import { section } from './created.ts'
import { print } from './json.ts'
import { fileStep, goThere, linesThere, providerSteps, serviceSteps } from './next-steps.ts'
import type { NextStep } from './next-steps.ts'
import type { Style } from './style.ts'

/** The variables of a repository, and what a deployment lacks of them. */
export interface EnvStatus extends Pick<TemplateData, 'pm' | 'providers' | 'services'> {
  readonly env: readonly EnvVar[]
  /** Of the site; nothing when nobody has said it. */
  readonly siteUrl: string | undefined
  readonly prod: boolean
  /** `.env.convex` holds the values. */
  readonly hasFile: boolean
  /** What the deployment lacks; nothing when it wasn't asked. */
  readonly missing: readonly EnvVar[] | undefined
  /** What could be set was set. */
  readonly applied: boolean
}

/**
 * What a deployment lacks, or how to set everything; never a secret.
 *
 * @param path - from here to the app, where alone the Convex CLI knows it; empty when it is here
 */
export function envReport(status: EnvStatus, style: Style, path = ''): string {
  const { missing, applied } = status
  const steps = missing ? missingSteps(status, missing) : allSteps(status)
  return [
    ...(missing ? [`\n${missingLine(missing, applied, style)}`] : ['']),
    ...[...(steps.length > 0 ? goThere(path) : []), ...steps].map((step) => section(step, style)),
    '',
  ].join('\n\n')
}

function missingLine(missing: readonly EnvVar[], applied: boolean, style: Style): string {
  if (missing.length === 0) {
    return `${style.good(style.check)} The deployment has every variable of the app.`
  }
  const names = missing.map(({ name, optional }) => name + (optional === true ? ' (optional)' : ''))
  const mark = applied ? style.warning('Note') : style.error(style.cross)
  return `${mark} The deployment lacks ${names.join(', ')}.`
}

/** The commands for what is missing. */
function missingSteps(status: EnvStatus, missing: readonly EnvVar[]): NextStep[] {
  const lacks = ({ name }: EnvVar) => missing.some((variable) => variable.name === name)
  const lacking = <T extends { readonly env: readonly EnvVar[] }>(parts: readonly T[]): T[] =>
    parts.flatMap((part) => {
      const env = part.env.filter(lacks)
      return env.length > 0 ? [{ ...part, env }] : []
    })
  const { providers, services, env } = status
  return stepsFor({
    ...status,
    providers: lacking(providers),
    services: lacking(services),
    env: env.filter(lacks),
  })
}

const allSteps = (status: EnvStatus): NextStep[] => [
  ...(status.hasFile && !status.prod ? [fileStep(status.pm)] : []),
  ...stepsFor(status),
]

const secretNote = ['A new secret', `node -p "crypto.randomBytes(32).toString('hex')"`] as const

/** How to set variables: those of the app, of each provider and service, and the optional ones. */
export function stepsFor(status: Omit<EnvStatus, 'missing' | 'applied'>): NextStep[] {
  const { pm, env, siteUrl = 'https://your-site.example', prod, hasFile } = status
  const set = `${pm.exec} convex env set${prod ? ' --prod' : ''}`
  const elsewhere = new Set(
    [...status.providers, ...status.services].flatMap((part) => part.env.map(nameOf)),
  )
  const [own, extra] = [false, true].map((optional) =>
    env.filter(
      (variable) => !elsewhere.has(variable.name) && Boolean(variable.optional) === optional,
    ),
  ) as [EnvVar[], EnvVar[]]
  const title = prod ? 'In production' : hasFile ? 'Or one by one' : 'One by one'
  const step: NextStep = {
    title: `${title}; without a value, it is asked for`,
    ...(own.some(({ from }) => from === 'secret') && { notes: [secretNote] }),
    commands: own.map(({ name, from }) =>
      from === 'siteUrl' ? `${set} ${name} ${siteUrl}` : `${set} ${name}`,
    ),
  }
  const optional: NextStep = {
    title: 'Optional',
    notes: extra.map(({ name, description }) => [name, description] as const),
    commands: extra.map(({ name }) => `${set} ${name}`),
  }
  return [
    ...(own.length > 0 ? [step] : []),
    ...providerSteps(status, prod),
    ...serviceSteps(status, prod),
    ...(extra.length > 0 ? [optional] : []),
  ]
}

const nameOf = ({ name }: EnvVar) => name

/**
 * The error of a deployment that couldn't be asked, with the way to the app before commands
 * that work there alone.
 */
export function envError(error: CliError, pm: EnvStatus['pm'], path: string): CliError {
  const { message, exitCode, fix = '', details } = error
  const isForApp = new RegExp(`(?:^|: )(?:${pm.exec}|${pm.name}) `, 'm').test(fix)
  if (!isForApp || path === '') return error
  const steps = [...linesThere(path), fix].join('\n')
  return new CliError(message, { exitCode, fix: steps, details, cause: error })
}

/** `env --json`. */
export function envDocument(status: EnvStatus, path: string, version: string): string {
  const { env, siteUrl, prod, missing, applied } = status
  const steps = missing ? missingSteps(status, missing) : allSteps(status)
  return print({
    version,
    path,
    deployment: prod ? 'production' : 'development',
    siteUrl: siteUrl ?? null,
    variables: env.map(({ name, description, optional = false }) => ({
      name,
      description,
      optional: Boolean(optional),
    })),
    missing: missing?.map(nameOf) ?? null,
    applied,
    steps,
  })
}
