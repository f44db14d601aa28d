import { CliError } from '../errors.ts'
import type { EnvVar, Layer, Part, SelectedLayer } from '../layers/layer.ts'
import type { PackageManager, PlanInput, TemplateData } from './types.ts'

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
    pm: commandsOf(input.packageManager),
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

type Commands = Pick<TemplateData['pm'], 'install' | 'cleanInstall' | 'run' | 'exec' | 'test'>

const COMMANDS: Record<PackageManager, Commands> = {
  npm: {
    install: 'npm install',
    cleanInstall: 'npm ci',
    run: 'npm run',
    exec: 'npx',
    test: 'npm test',
  },
  pnpm: {
    install: 'pnpm install',
    cleanInstall: 'pnpm install --frozen-lockfile',
    run: 'pnpm run',
    exec: 'pnpm exec',
    test: 'pnpm test',
  },
  yarn: {
    install: 'yarn install',
    // Yarn 4 freezes the lockfile by itself in CI; its flag is unknown to Yarn 1.
    cleanInstall: 'yarn install',
    run: 'yarn run',
    exec: 'yarn run',
    test: 'yarn run test',
  },
  bun: {
    install: 'bun install',
    cleanInstall: 'bun install --frozen-lockfile',
    run: 'bun run',
    exec: 'bunx',
    test: 'bun run test',
  },
}

const commandsOf = (name: PackageManager): TemplateData['pm'] => ({
  name,
  ...COMMANDS[name],
  npm: name === 'npm',
  pnpm: name === 'pnpm',
  yarn: name === 'yarn',
  bun: name === 'bun',
})
