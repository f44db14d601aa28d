/** What differs between package managers. */
interface PackageManagerFacts {
  /** Installs the dependencies of a repository. */
  readonly install: string
  /** The same, and those of development even where NODE_ENV or a setting leaves them out. */
  readonly installAll: string
  /** The same in CI, by the lockfile. */
  readonly cleanInstall: string
  /** Runs a script of package.json; its name follows. */
  readonly run: string
  /** Runs a program of the repository's dependencies. */
  readonly exec: string
  readonly test: string
  /** Adds a package. */
  readonly add: string
  /** Runs the newest compatible `create-…` package, and what stands before its flags. */
  readonly create: readonly [command: string, separator: string]
  readonly lockfiles: readonly string[]
  /** What else an installation leaves in the repository's folder. */
  readonly leftovers: readonly string[]
}

/** The one table of them: flags, commands, lockfiles and what they leave behind come from here. */
export const packageManagers = {
  npm: {
    install: 'npm install',
    installAll: 'npm install --include=dev',
    cleanInstall: 'npm ci',
    run: 'npm run',
    exec: 'npx',
    test: 'npm test',
    add: 'npm install',
    // npm alone takes flags for its own that don't stand behind this.
    create: ['npm create', ' --'],
    lockfiles: ['package-lock.json'],
    leftovers: [],
  },
  pnpm: {
    install: 'pnpm install',
    installAll: 'pnpm install --prod=false',
    cleanInstall: 'pnpm install --frozen-lockfile',
    run: 'pnpm run',
    exec: 'pnpm exec',
    test: 'pnpm test',
    add: 'pnpm add',
    create: ['pnpm create', ''],
    lockfiles: ['pnpm-lock.yaml'],
    // The store is here where the folder is on another disk than pnpm's own.
    leftovers: ['.pnpm-store', '.pnpm-debug.log'],
  },
  yarn: {
    install: 'yarn install',
    installAll: 'yarn install --production=false',
    // Yarn 4 freezes the lockfile by itself in CI; its flag is unknown to Yarn 1.
    cleanInstall: 'yarn install',
    run: 'yarn run',
    exec: 'yarn run',
    test: 'yarn run test',
    add: 'yarn add',
    create: ['yarn create', ''],
    lockfiles: ['yarn.lock'],
    leftovers: ['.yarn', '.pnp.cjs', '.pnp.loader.mjs', 'yarn-error.log'],
  },
  bun: {
    install: 'bun install',
    installAll: 'bun install',
    cleanInstall: 'bun install --frozen-lockfile',
    run: 'bun run',
    exec: 'bunx',
    test: 'bun run test',
    add: 'bun add',
    create: ['bun create', ''],
    lockfiles: ['bun.lock', 'bun.lockb'],
    leftovers: [],
  },
} as const satisfies Readonly<Record<string, PackageManagerFacts>>

export type PackageManager = keyof typeof packageManagers

/** What package managers and git leave in the folder they are run in. */
export const leftovers: readonly string[] = [
  'node_modules',
  '.git',
  ...Object.values(packageManagers).flatMap((known) => [...known.lockfiles, ...known.leftovers]),
]

export const packageManagerNames = Object.keys(packageManagers) as readonly PackageManager[]

/**
 * The package manager that ran us, from `npm_config_user_agent`, such as
 * `pnpm/12.0.0 npm/? node/v24.0.0 linux x64`.
 *
 * @returns npm where it isn't one of ours
 */
export function packageManagerOf(userAgent: string | undefined): PackageManager {
  const name = userAgent?.split('/')[0]
  return packageManagerNames.find((known) => known === name) ?? 'npm'
}

/**
 * What package.json names as `packageManager` where Corepack runs us, which refuses or
 * changes a project that doesn't say: the version that runs, such as `pnpm@12.0.0`.
 */
export function corepackPin(
  chosen: PackageManager,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (!env['COREPACK_ROOT']) return undefined
  const [, name, version] =
    /^(\w+)\/(\d+\.\d+\.\d+\S*)/.exec(env['npm_config_user_agent'] ?? '') ?? []
  return name === chosen ? `${name}@${version}` : undefined
}
