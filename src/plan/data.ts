import { CliError } from '../errors.ts'
import type { EnvVar, Layer, Part, SelectedLayer } from '../layers/layer.ts'
import { packageManagerNames, packageManagers } from '../package-managers.ts'
import type { PackageManager } from '../package-managers.ts'
import type { PlanInput, TemplateData } from './types.ts'

/** The address of the app on its author's machine. */
export const localSiteUrl = (port: number): string => `http://localhost:${port}`

/** A layer, or a choice that is taken of it. */
export interface TakenPart extends Part {
  readonly id: string
  readonly title: string
  /** The layer's name. */
  readonly layer: string
  /** The part, and the line of its layer.json with a value of it, for messages. */
  readonly where: (path: readonly string[]) => string
}

/** The parts that are taken: each layer, then its choices in the manifest's order. */
export function partsOf(selected: readonly SelectedLayer[]): readonly TakenPart[] {
  return selected.flatMap(({ layer, choices }) => {
    const { name, manifest } = layer
    const taken = Object.entries(manifest.choices ?? {})
      .filter(([id]) => choices.includes(id))
      .map(([id, choice]) => ({
        ...choice,
        id,
        layer: name,
        where: (path: readonly string[]) => placeIn(layer, ['choices', id, ...path]),
      }))
    const where = (path: readonly string[]) => placeIn(layer, path)
    return [{ ...manifest, id: name, layer: name, where }, ...taken]
  })
}

/** `Layer "x" (layer.json, line 3)` */
export function placeIn(layer: Layer, path: readonly (string | number)[]): string {
  const line = layer.lineOf ? `, line ${layer.lineOf(path)}` : ''
  return `Layer "${layer.name}" (layer.json${line})`
}

/** The names that a `.hbs` file of these layers can use. */
export function templateData(selected: readonly SelectedLayer[], input: PlanInput): TemplateData {
  const siteUrl = localSiteUrl(input.port)
  const parts = partsOf(selected)
  return {
    name: input.name,
    port: input.port,
    siteUrl,
    secret: input.secret,
    pm: commandsOf(input),
    features: featuresOf(selected),
    env: declaredEnv(parts, { secret: input.secret, siteUrl }),
    providers: parts.flatMap(({ id, title, oauthApp, env = [] }) => {
      if (!oauthApp) return []
      const callbackUrl = siteUrl + oauthApp.callback
      return [{ ...oauthApp, id, title, callbackUrl, env: env.map(complete) }]
    }),
  }
}

/** With every field, so that a template may ask for it. */
const complete = (env: EnvVar) => ({ optional: false, ...env })

/** @throws {CliError} when two parts declare one variable */
function declaredEnv(
  parts: readonly TakenPart[],
  values: Readonly<Record<'secret' | 'siteUrl', string>>,
): TemplateData['env'] {
  const owners = new Map<string, string>()
  return parts.flatMap(({ env = [], layer }) =>
    env.map((variable) => {
      const { name, from } = variable
      const owner = owners.get(name)
      if (owner !== undefined) {
        throw new CliError(`Layers "${owner}" and "${layer}" both declare the variable ${name}.`, {
          fix: `Take it out of the layer.json of one of them.`,
        })
      }
      owners.set(name, layer)
      return { ...complete(variable), value: from ? values[from] : '' }
    }),
  )
}

const KNOWN_FEATURES = ['tailwind', 'social', 'github', 'google']

function featuresOf(selected: readonly SelectedLayer[]) {
  const known = selected.flatMap(({ layer }) => [
    layer.name,
    ...Object.keys(layer.manifest.choices ?? {}),
  ])
  const taken = new Set(selected.flatMap(({ layer, choices }) => [layer.name, ...choices]))
  return Object.fromEntries([...KNOWN_FEATURES, ...known].map((name) => [name, taken.has(name)]))
}

function commandsOf({
  packageManager: name,
  pinnedPackageManager: pinned = '',
}: PlanInput): TemplateData['pm'] {
  const { install, cleanInstall, run, exec, test } = packageManagers[name]
  const is = Object.fromEntries(packageManagerNames.map((known) => [known, known === name]))
  return {
    name,
    pinned,
    install,
    cleanInstall,
    run,
    exec,
    test,
    ...(is as Record<PackageManager, boolean>),
  }
}

/** Whether the app lacks something without a variable: an optional one of no provider may be absent. */
export const isNeeded = (
  { name, optional }: EnvVar,
  { providers }: { readonly providers: readonly { readonly env: readonly EnvVar[] }[] },
): boolean => !optional || providers.some(({ env }) => env.some((own) => own.name === name))
