import type { EnvVar } from '../layers/layer.ts'
import type { TemplateData } from '../plan/types.ts'
import { section } from './created.ts'
import { print } from './json.ts'
import { fileStep, providerSteps } from './steps.ts'
import type { Step } from './steps.ts'
import type { Style } from './style.ts'

/** The variables of a repository, and what a deployment lacks of them. */
export interface EnvSubject extends Pick<TemplateData, 'pm' | 'providers'> {
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
export function envReport(subject: EnvSubject, style: Style): string {
  const { missing, applied } = subject
  const steps = missing ? missingSteps(subject, missing) : allSteps(subject)
  return [
    ...(missing ? [`\n${headline(missing, applied, style)}`] : ['']),
    ...steps.map((step) => section(step, style)),
    '',
  ].join('\n\n')
}

function headline(missing: readonly EnvVar[], applied: boolean, style: Style): string {
  if (missing.length === 0) {
    return `${style.good(style.check)} The deployment has every variable of the app.`
  }
  const names = missing.map(({ name, optional }) => name + (optional ? ' (optional)' : ''))
  const mark = applied ? style.warning('Note') : style.error(style.cross)
  return `${mark} The deployment lacks ${names.join(', ')}.`
}

/** The commands for what is missing. */
function missingSteps(subject: EnvSubject, missing: readonly EnvVar[]): Step[] {
  const lacks = ({ name }: EnvVar) => missing.some((variable) => variable.name === name)
  const providers = subject.providers.flatMap((provider) => {
    const env = provider.env.filter(lacks)
    return env.length > 0 ? [{ ...provider, env }] : []
  })
  const rest = subject.env.filter(lacks)
  return stepsFor({ ...subject, providers, env: rest })
}

const allSteps = (subject: EnvSubject): Step[] => [
  ...(subject.hasFile && !subject.prod ? [fileStep(subject.pm)] : []),
  ...stepsFor(subject),
]

const secretNote = ['A new secret', `node -p "crypto.randomBytes(32).toString('hex')"`] as const

function stepsFor(subject: EnvSubject): Step[] {
  const { pm, env, siteUrl = 'https://your-site.example', prod, hasFile, providers } = subject
  const set = `${pm.exec} convex env set${prod ? ' --prod' : ''}`
  const ofProvider = new Set(providers.flatMap((provider) => provider.env.map(nameOf)))
  const own = env.filter(({ name }) => !ofProvider.has(name))
  const title = prod ? 'In production' : hasFile ? 'Or one by one' : 'One by one'
  const step: Step = {
    title: `${title}; without a value, it is asked for`,
    ...(own.some(({ from }) => from === 'secret') && { notes: [secretNote] }),
    commands: own.map(({ name, from }) =>
      from === 'siteUrl' ? `${set} ${name} ${siteUrl}` : `${set} ${name}`,
    ),
  }
  return [...(own.length > 0 ? [step] : []), ...providerSteps(subject, prod)]
}

const nameOf = ({ name }: EnvVar) => name

/** `env --json`. */
export function envDocument(subject: EnvSubject, path: string, version: string): string {
  const { env, siteUrl, prod, missing, applied } = subject
  const steps = missing ? missingSteps(subject, missing) : allSteps(subject)
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
