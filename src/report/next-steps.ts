import { isNeeded } from '../plan/data.ts'
import type { TemplateData } from '../plan/types.ts'
import { portableWord } from '../shell.ts'

/** Commands that belong together, and what they are for. */
export interface NextStep {
  readonly title: string
  readonly notes?: readonly (readonly [label: string, value: string])[]
  readonly commands: readonly string[]
}

/** What the next commands depend on. */
export interface NextInput extends Pick<
  TemplateData,
  'pm' | 'env' | 'providers' | 'services' | 'siteUrl'
> {
  /** Path from here to the app, with slashes; empty when it is here. */
  readonly path: string
  readonly installed: boolean
  /** The Convex deployment is chosen, and its variables are set. */
  readonly connected?: boolean
}

/** What to do next, in order, up to the running app. */
export function startSteps(input: NextInput): NextStep[] {
  const { pm } = input
  return [
    ...goThere(input.path),
    ...(input.installed || input.connected
      ? []
      : [{ title: 'Install the dependencies', commands: [pm.install] }]),
    ...(input.connected ? [] : [initStep(pm), fileStep(pm)]),
    runStep(input),
  ]
}

const initStep = (pm: NextInput['pm']): NextStep => ({
  title: 'Create or choose the Convex deployment',
  commands: [`${pm.exec} convex init`],
})

/** Sets what `.env.convex` holds. */
export const fileStep = (pm: NextInput['pm']): NextStep => ({
  title: 'Set its variables, from a file that git ignores',
  commands: [`${pm.exec} convex env set --from-file .env.convex`],
})

/** Starts everything. */
export const runStep = ({ pm, siteUrl }: Pick<NextInput, 'pm' | 'siteUrl'>): NextStep => ({
  title: `Start the backend and the app, at ${siteUrl}`,
  commands: [`${pm.run} dev`],
})

/** How to get to the app; nothing when it is here. */
export function goThere(path: string): NextStep[] {
  if (path === '') return []
  const word = portableWord(path)
  return word === undefined
    ? [{ title: `Go to ${path}`, commands: [] }]
    : [{ title: 'Go to the app', commands: [`cd ${word}`] }]
}

/** The same for a list of what to do. */
export const linesThere = (path: string): string[] =>
  goThere(path).flatMap(({ title, commands }) => (commands.length > 0 ? commands : [title]))

/** The variables that we know the values of, one command each; none once they are set. */
export function singleVariables({ pm, env, connected }: NextInput): NextStep {
  return {
    title: 'The variables one by one, instead of from the file',
    commands: env
      .filter(({ value }) => value !== '' && !connected)
      .map(({ name, value }) => `${pm.exec} convex env set ${name} ${value}`),
  }
}

/** For each provider, where to register the app and which variables to set. */
export function providerSteps(
  { pm, providers }: Pick<NextInput, 'pm' | 'providers'>,
  prod = false,
): NextStep[] {
  const set = `${pm.exec} convex env set${prod ? ' --prod' : ''}`
  return providers.map(({ title, url, callbackUrl, env }) => ({
    title: `Sign-in with ${title}`,
    notes: [
      ['Register an app', url],
      ['Callback URL', callbackUrl],
    ],
    commands: env.map(({ name }) => `${set} ${name}`),
  }))
}

/** For each service, where its key is made and which variables to set. */
export function serviceSteps(
  { pm, services }: Pick<NextInput, 'pm' | 'services'>,
  prod = false,
): NextStep[] {
  const set = `${pm.exec} convex env set${prod ? ' --prod' : ''}`
  return services.map(({ title, url, env }) => ({
    title,
    notes: [['Make a key', url]],
    commands: env.map(({ name }) => `${set} ${name}`),
  }))
}

/** The same variables for production, with values of its own. */
export function productionStep(
  { pm, env, providers }: Pick<NextInput, 'pm' | 'env' | 'providers'>,
  siteUrl = 'https://your-site.example',
): NextStep {
  return {
    title: 'In production, with values of its own',
    commands: env
      .filter((variable) => isNeeded(variable, { providers }, siteUrl))
      .map(({ name, from }) => {
        const value = from === 'siteUrl' ? ` ${siteUrl}` : ''
        return `${pm.exec} convex env set --prod ${name}${value}`
      }),
  }
}
