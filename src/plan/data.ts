import type { SelectedLayer, Part } from '../layers/layer.ts'
import type { PackageManager, PlanInput, TemplateData } from './types.ts'

/** The address of the app on its author's machine. */
export const localSiteUrl = (port: number): string => `http://localhost:${port}`

/** The parts that are taken: each layer, then its choices in the manifest's order. */
export function partsOf(
  selected: readonly SelectedLayer[],
): readonly (Part & { layer: string; id: string; title: string })[] {
  return selected.flatMap(({ layer, choices }) => [
    { ...layer.manifest, layer: layer.name, id: layer.name },
    ...Object.entries(layer.manifest.choices ?? {})
      .filter(([id]) => choices.includes(id))
      .map(([id, choice]) => ({ ...choice, layer: layer.name, id })),
  ])
}

/** The names that a `.hbs` file of these layers can use. */
export function templateData(
  selected: readonly SelectedLayer[],
  input: PlanInput,
): TemplateData {
  const siteUrl = localSiteUrl(input.port)
  const parts = partsOf(selected)
  const values = { secret: input.secret, siteUrl }
  return {
    name: input.name,
    port: input.port,
    siteUrl,
    secret: input.secret,
    pm: commandsOf(input.packageManager),
    features: featuresOf(selected),
    env: parts
      .flatMap((part) => part.env ?? [])
      .map((env) => ({ ...env, value: env.from ? values[env.from] : '' })),
    providers: parts.flatMap(({ id, title, oauthApp, env = [] }) =>
      oauthApp
        ? [
            {
              ...oauthApp,
              id,
              title,
              callbackUrl: siteUrl + oauthApp.callback,
              env,
            },
          ]
        : [],
    ),
  }
}

const KNOWN_FEATURES = ['tailwind', 'social', 'github', 'google']

function featuresOf(selected: readonly SelectedLayer[]) {
  const known = selected.flatMap(({ layer }) => [
    layer.name,
    ...Object.keys(layer.manifest.choices ?? {}),
  ])
  const taken = new Set(
    selected.flatMap(({ layer, choices }) => [layer.name, ...choices]),
  )
  return Object.fromEntries(
    [...KNOWN_FEATURES, ...known].map((name) => [name, taken.has(name)]),
  )
}

type Commands = Pick<
  TemplateData['pm'],
  'install' | 'cleanInstall' | 'run' | 'exec' | 'test'
>

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
