import type { Json, JsonObject, Layer, SelectedLayer } from './layer.ts'
import { outputPath } from './template.ts'

/** What a package manager runs by itself. */
const INSTALL_SCRIPTS = [
  'preinstall',
  'install',
  'postinstall',
  'prepare',
  'prepublish',
  'preprepare',
  'postprepare',
]

/** Fields that name packages, or where else to take them from; a path leads to the field. */
const DEPENDENCIES = [
  ['dependencies'],
  ['devDependencies'],
  ['optionalDependencies'],
  // npm, pnpm and Bun install these, too.
  ['peerDependencies'],
  ['overrides'],
  ['resolutions'],
  ['pnpm', 'overrides'],
  ['pnpm', 'packageExtensions'],
  ['catalog'],
  ['catalogs'],
  ['workspaces', 'catalog'],
  ['workspaces', 'catalogs'],
]

/** Where a package manager is told which packages may run their own scripts. */
const PERMISSIONS = ['allowScripts', 'trustedDependencies', 'pnpm']

/** Where pnpm and Corepack are told which package manager, or which Node, to fetch and run. */
const TOOLS = ['devEngines', 'packageManager']

/** Files that a package manager looks for by itself. */
const SETTINGS: readonly (readonly [file: RegExp, what: string])[] = [
  [/^\.pnpmfile\.[cm]?js$/, 'runs code of its own whenever pnpm installs'],
  [/^binding\.gyp$/, 'compiles code when the dependencies are installed'],
  [
    /^\.(?:npmrc|yarnrc|yarnrc\.yml)$|^bunfig\.toml$/,
    'sets where packages come from, and what runs',
  ],
  [/^pnpm-workspace\.yaml$/, 'sets which packages run scripts when they are installed'],
  [/^\.yarn\//, 'brings code that Yarn may run'],
  [
    /^(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$/,
    'says where each package is fetched from',
  ],
]

/**
 * What installing layers of somebody else would run, or fetch beside packages of the
 * registry, as sentences that are said before it happens.
 */
export function installRisks(layers: readonly SelectedLayer[]): string[] {
  const others = layers.filter(({ layer }) => layer.source !== 'builtin')
  const said = others.flatMap(({ layer }) => {
    const paths = [...layer.files.keys()].map(outputPath)
    const settings = SETTINGS.flatMap(([file, what]) =>
      paths.filter((path) => file.test(path)).map((path) => `${what} ("${path}")`),
    )
    const manifests = manifestsOf(layer).flatMap((manifest) => [
      ...INSTALL_SCRIPTS.flatMap((name) => {
        const command = (Object(manifest['scripts']) as JsonObject)[name]
        return command === undefined
          ? []
          : `runs \`${String(command)}\` when the dependencies are installed ("${name}")`
      }),
      ...DEPENDENCIES.flatMap((path) =>
        dependencyRisks(path.reduce<Json>((at, key) => Object(at)[key] as Json, manifest)),
      ),
      ...PERMISSIONS.filter((field) => manifest[field] !== undefined).map(
        (field) => `lets packages run scripts when they are installed ("${field}")`,
      ),
      ...TOOLS.filter((field) => manifest[field] !== undefined).map(
        (field) => `says which programs are fetched and run for it ("${field}")`,
      ),
    ])
    return [...settings, ...manifests].map(
      (risk) => `Layer "${layer.name}" (${layer.source}) ${risk}.`,
    )
  })
  return [...new Set(said)]
}

/** Every package.json that it brings, and what it and its choices merge into that of the app. */
function manifestsOf({ files, manifest }: Layer): JsonObject[] {
  const own = [...files].flatMap(([path, { content }]): JsonObject[] => {
    if (!/(?:^|\/)package\.json(?:\.hbs)?$/.test(path)) return []
    try {
      return [Object(JSON.parse(String(content))) as JsonObject]
    } catch {
      // Making the plan says what is wrong with it.
      return []
    }
  })
  const parts = [manifest, ...Object.values(manifest.choices ?? {})]
  const merged = parts.map(({ merge }) => merge?.['package.json'])
  return [...own, ...merged.filter((value) => value !== undefined)]
}

function dependencyRisks(dependencies: Json | undefined): string[] {
  if (typeof dependencies !== 'object' || dependencies === null) return []
  return Object.entries(dependencies).flatMap(([name, spec]: [string, Json]) => {
    if (typeof spec === 'object') return dependencyRisks(spec)
    // @see https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies
    const isElsewhere =
      /^(?:exec|file|link|portal|git|github|gitlab|bitbucket|gist|https?|ssh|[\w+]+:\/\/|\.{0,2}\/|~\/)|^[\w.-]+\/[\w.-]+(?:#|$)|^git@/i
    return isElsewhere.test(String(spec))
      ? [`installs ${name} from ${String(spec)}, which is not the registry`]
      : []
  })
}
