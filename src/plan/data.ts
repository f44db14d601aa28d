import { CliError } from '../errors.ts'
import type { Choice, EnvVar, Layer, Manifest, Part, SelectedLayer } from '../layers/layer.ts'
import { packageManagerNames, packageManagers } from '../package-managers.ts'
import type { PackageManager } from '../package-managers.ts'
import type { PlanInput, TemplateData } from './types.ts'

/** Whether a site is its author's machine's own: nobody else can use it. */
export const isLocalSite = (siteUrl: string): boolean =>
  /^http:\/\/(?:[\w-]+\.)*(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?\/?$/.test(siteUrl)

/** A layer, or a choice that is taken of it. */
export interface TakenPart extends Omit<Part, 'env'> {
  readonly id: string
  readonly title: string
  /** The layer's name. */
  readonly layer: string
  /** With every field, so that a template may ask for it. */
  readonly env: readonly EnvVar[]
  /** The part, and the line of its layer.json with a value of it, for messages. */
  readonly where: (path: readonly string[]) => string
}

/** The parts that are taken: each layer, then its choices in the manifest's order. */
export function partsOf(selected: readonly SelectedLayer[]): readonly TakenPart[] {
  return selected.flatMap(({ layer, choices }) => {
    const { name, manifest } = layer
    const takenPart = (id: string, part: Manifest | Choice, at: readonly string[]): TakenPart => ({
      ...part,
      id,
      layer: name,
      env: (part.env ?? []).map((variable) => ({ optional: false, ...variable })),
      where: (path) => placeIn(layer, [...at, ...path]),
    })
    const taken = Object.entries(manifest.choices ?? {}).filter(([id]) => choices.includes(id))
    return [
      takenPart(name, manifest, []),
      ...taken.map(([id, choice]) => takenPart(id, choice, ['choices', id])),
    ]
  })
}

/** `Layer "x" (layer.json, line 3)` */
export function placeIn(layer: Layer, path: readonly (string | number)[]): string {
  const line = layer.lineOf ? `, line ${layer.lineOf(path)}` : ''
  return `Layer "${layer.name}" (layer.json${line})`
}

/** The names that a `.hbs` file of these layers can use. */
export function templateData(selected: readonly SelectedLayer[], input: PlanInput): TemplateData {
  const { name, port, secret, packageManager, pinnedPackageManager: pinned = '' } = input
  // As browsers write it: without the port that is meant anyway.
  const siteUrl = new URL(`http://localhost:${port}`).origin
  const parts = partsOf(selected)
  const { install, cleanInstall, run, exec, test } = packageManagers[packageManager]
  const flags = packageManagerNames.map((known) => [known, known === packageManager])
  const is = Object.fromEntries(flags) as Record<PackageManager, boolean>
  return {
    name,
    port,
    siteUrl,
    secret,
    pm: { name: packageManager, pinned, install, cleanInstall, run, exec, test, ...is },
    features: featuresOf(selected),
    env: declaredEnv(parts, { secret, siteUrl }),
    providers: parts.flatMap(({ id, title, oauthApp, env }) =>
      oauthApp ? [{ ...oauthApp, id, title, callbackUrl: siteUrl + oauthApp.callback, env }] : [],
    ),
    services: parts.flatMap(({ id, title, service, env }) =>
      service ? [{ ...service, id, title, env }] : [],
    ),
  }
}

/** @throws {CliError} when two parts declare one variable */
function declaredEnv(
  parts: readonly TakenPart[],
  values: Readonly<Record<'secret' | 'siteUrl', string>>,
): TemplateData['env'] {
  const owners = new Map<string, string>()
  return parts.flatMap(({ env, layer }) =>
    env.map((variable) => {
      const { name, from } = variable
      const owner = owners.get(name)
      if (owner !== undefined) {
        throw new CliError(`Layers "${owner}" and "${layer}" both declare the variable ${name}.`, {
          fix: `Take it out of the layer.json of one of them.`,
        })
      }
      owners.set(name, layer)
      return { ...variable, value: from ? values[from] : '' }
    }),
  )
}

/** Of the built-in layers, taken or not: a template may ask for each. */
export const KNOWN_FEATURES = ['tailwind', 'social', 'github', 'google', 'email']

function featuresOf(selected: readonly SelectedLayer[]) {
  const known = selected.flatMap(({ layer }) => [
    layer.name,
    ...Object.keys(layer.manifest.choices ?? {}),
  ])
  const taken = new Set(selected.flatMap(({ layer, choices }) => [layer.name, ...choices]))
  return Object.fromEntries([...KNOWN_FEATURES, ...known].map((name) => [name, taken.has(name)]))
}

/**
 * Whether the app lacks something without a variable: an optional one of no provider may be
 * absent, and where the site is local, one that is optional there.
 */
export const isNeeded = (
  { name, optional }: EnvVar,
  { providers }: { readonly providers: readonly { readonly env: readonly EnvVar[] }[] },
  siteUrl: string,
): boolean =>
  !optional ||
  (optional === 'local' && !isLocalSite(siteUrl)) ||
  providers.some(({ env }) => env.some((own) => own.name === name))
