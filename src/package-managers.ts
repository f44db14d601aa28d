/** What differs between package managers. */
interface PackageManagerFacts {
  /** Installs the dependencies of a repository. */
  readonly install: string
  /** The same, and those that NODE_ENV or a setting leaves out: of development, and of one system. */
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
  /** Fetches a package and runs its program; `NAME@VERSION` follows, and the arguments. */
  readonly runPackage: string
  /** Asks the registry for the newest version of the package NAME. */
  readonly newest: string
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
    installAll: 'npm install --include=dev --include=optional',
    cleanInstall: 'npm ci',
    run: 'npm run',
    exec: 'npx',
    test: 'npm test',
    add: 'npm install',
    runPackage: 'npm exec --yes --',
    newest: 'npm view NAME version',
    // npm alone takes flags for its own that don't stand behind this.
    create: ['npm create', ' --'],
    lockfiles: ['package-lock.json'],
    leftovers: [],
  },
  pnpm: {
    install: 'pnpm install',
    // Where CI is set, pnpm refuses a package.json that has more than the lockfile.
    installAll: 'pnpm install --prod=false --optional --no-frozen-lockfile',
    cleanInstall: 'pnpm install --frozen-lockfile',
    run: 'pnpm run',
    exec: 'pnpm exec',
    test: 'pnpm test',
    add: 'pnpm add',
    runPackage: 'pnpm dlx',
    newest: 'pnpm view NAME version',
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
    // Both from Yarn 2 on; Yarn 1 can't run a package that isn't installed.
    runPackage: 'yarn dlx --quiet',
    newest: 'yarn npm info NAME --fields version --json',
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
    runPackage: 'bunx',
    newest: 'bun pm view NAME version',
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
 * @returns npm where it isn't one of ours; as `pin`, what package.json names as
 *   `packageManager` where Corepack runs us, which refuses or changes a project that
 *   doesn't say: the version that runs, such as `pnpm@12.0.0`
 */
export function runningPackageManager(env: Readonly<Record<string, string | undefined>>): {
  readonly name: PackageManager
  readonly pin?: string
} {
  const agent = /^(\w+)\/(\d+\.\d+\.\d+\S*)?/.exec(env['npm_config_user_agent'] ?? '')
  const [, program, version] = agent ?? []
  const name = packageManagerNames.find((known) => known === program)
  if (name === undefined) return { name: 'npm' }
  return env['COREPACK_ROOT'] && version ? { name, pin: `${name}@${version}` } : { name }
}
