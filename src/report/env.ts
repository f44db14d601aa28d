import type { EnvVar } from '../layers/layer.ts'
import type { TemplateData } from '../plan/types.ts'
import { section } from './created.ts'
import { print } from './json.ts'
import { fileStep, providerSteps } from './next-steps.ts'
import type { NextStep } from './next-steps.ts'
import type { Style } from './style.ts'

/** The variables of a repository, and what a deployment lacks of them. */
export interface EnvStatus extends Pick<TemplateData, 'pm' | 'providers'> {
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

/** What a deployment lacks, or how to set everything; never a secret. */
export function envReport(status: EnvStatus, style: Style): string {
  const { missing, applied } = status
  const steps = missing ? missingSteps(status, missing) : allSteps(status)
  return [
    ...(missing ? [`\n${missingLine(missing, applied, style)}`] : ['']),
    ...steps.map((step) => section(step, style)),
    '',
  ].join('\n\n')
}

function missingLine(missing: readonly EnvVar[], applied: boolean, style: Style): string {
  if (missing.length === 0) {
    return `${style.good(style.check)} The deployment has every variable of the app.`
  }
  const names = missing.map(({ name, optional }) => name + (optional ? ' (optional)' : ''))
  const mark = applied ? style.warning('Note') : style.error(style.cross)
  return `${mark} The deployment lacks ${names.join(', ')}.`
}

/** The commands for what is missing. */
function missingSteps(status: EnvStatus, missing: readonly EnvVar[]): NextStep[] {
  const lacks = ({ name }: EnvVar) => missing.some((variable) => variable.name === name)
  const providers = status.providers.flatMap((provider) => {
    const env = provider.env.filter(lacks)
    return env.length > 0 ? [{ ...provider, env }] : []
  })
  const rest = status.env.filter(lacks)
  return stepsFor({ ...status, providers, env: rest })
}

const allSteps = (status: EnvStatus): NextStep[] => [
  ...(status.hasFile && !status.prod ? [fileStep(status.pm)] : []),
  ...stepsFor(status),
]

const secretNote = ['A new secret', `node -p "crypto.randomBytes(32).toString('hex')"`] as const

function stepsFor(status: EnvStatus): NextStep[] {
  const { pm, env, siteUrl = 'https://your-site.example', prod, hasFile, providers } = status
  const set = `${pm.exec} convex env set${prod ? ' --prod' : ''}`
  const ofProvider = new Set(providers.flatMap((provider) => provider.env.map(nameOf)))
  const [own, extra] = [false, true].map((optional) =>
    env.filter(
      (variable) => !ofProvider.has(variable.name) && (variable.optional ?? false) === optional,
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
    ...(extra.length > 0 ? [optional] : []),
  ]
}

const nameOf = ({ name }: EnvVar) => name

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
      optional,
    })),
    missing: missing?.map(nameOf) ?? null,
    applied,
    steps,
  })
}
