import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { combinationNamed, COMBINATIONS, type Combination } from '../../helpers/combinations.ts'
import { complaints, runWell } from '../../helpers/run.ts'
import { freePorts } from './ports.ts'

/** Where one app and its backend listen. Its build knows the backend's two. */
export interface Ports {
  readonly app: number
  readonly convex: number
  readonly convexSite: number
}

/** Repositories side by side, and above them the one installation that serves them all. */
export interface Workspace {
  /** The script of the generator. */
  readonly bin: string
  readonly home: string
  /** With a Node in front that is new enough for the apps. */
  readonly env: { readonly PATH: string }
  /** By name of combination. */
  readonly ports: Readonly<Record<string, Ports>>
}

const ON_DEV_SERVER = ['plain', 'tailwind-github-google']

/** The largest, once more: it is built for every host. */
export const ON_HOSTS = 'tailwind-github-google-hosts'

/** The smallest, once more: its many rows would be in the way of its walk, which runs at the same time. */
export const ON_BACKEND = 'plain-backend'

/** What is walked as it is built: each without e-mail, and the two ends with it. */
export const WALKED = COMBINATIONS.filter(
  ({ name, email }) => !email || ['plain-email', 'tailwind-github-google-email'].includes(name),
)

/** All combinations, and more that have ports and builds of their own. */
export const REPOSITORIES: readonly Combination[] = [
  { ...combinationNamed('plain'), name: ON_BACKEND },
  ...COMBINATIONS.filter(({ name }) => `${name}-hosts` === ON_HOSTS).map((combination) => ({
    ...combination,
    name: ON_HOSTS,
  })),
  ...COMBINATIONS.filter(({ name }) => ON_DEV_SERVER.includes(name)).map((combination) => ({
    ...combination,
    name: `${combination.name}-dev`,
  })),
  ...COMBINATIONS,
]

interface Making {
  readonly home: string
  readonly env: { readonly PATH: string }
  /** The script of the generator. */
  readonly bin: string
  readonly combinations: readonly Combination[]
}

/**
 * Generates the combinations into `home` and installs the dependencies once.
 *
 * @throws with what a step that failed printed
 */
export async function makeWorkspace(making: Making): Promise<Workspace> {
  const { home, env, combinations } = making
  mkdirSync(home, { recursive: true })
  const all = await freePorts(3 * combinations.length)
  const ports: Record<string, Ports> = {}
  for (const combination of combinations) {
    const [app = 0, convex = 0, convexSite = 0] = all.splice(0, 3)
    ports[combination.name] = { app, convex, convexSite }
    await generate(making, combination, { app, convex, convexSite })
  }
  await install(making)
  return { home, env, ports, bin: making.bin }
}

async function generate(
  { bin, home, env }: Making,
  { name, flags }: Combination,
  ports: Ports,
): Promise<void> {
  const fixed = ['--pm', 'npm', '--no-install', '--no-git', '--yes']
  const args = [bin, name, ...flags, ...fixed, '--port', String(ports.app)]
  await runWell(process.execPath, args, { cwd: home, env })
  writeEnvLocal(join(home, name), ports)
}

/** What `convex init` leaves behind. */
export function writeEnvLocal(appDir: string, ports: Ports): void {
  writeFileSync(
    join(appDir, '.env.local'),
    `VITE_CONVEX_URL=http://127.0.0.1:${ports.convex}
VITE_CONVEX_SITE_URL=http://127.0.0.1:${ports.convexSite}
`,
  )
}

async function install({ home, env, combinations }: Making): Promise<void> {
  // The largest comes last.
  const largest = join(home, combinations.at(-1)?.name ?? '', 'package.json')
  const manifest = JSON.parse(readFileSync(largest, 'utf8')) as object
  writeFileSync(
    join(home, 'package.json'),
    // Vite serves the files of a workspace, and asks `workspaces` where it begins.
    JSON.stringify({ ...manifest, workspaces: [] }),
  )
  const flags = ['--no-audit', '--no-fund', '--prefer-offline']
  await runWell('npm', ['install', ...flags], { cwd: home, env })
}

/** Builds an app for production. Throws with what the build printed when it fails or complains. */
export async function buildApp(
  { home, env }: Pick<Workspace, 'home' | 'env'>,
  name: string,
): Promise<void> {
  const cwd = join(home, name)
  rmSync(join(cwd, '.output'), { recursive: true, force: true })
  const output = await runWell('npm', ['run', 'build'], { cwd, env })
  if (complaints(output).length > 0) throw new Error(`The build of ${name} complains:\n${output}`)
}
