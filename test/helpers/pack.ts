import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The package as its users get it. */
export interface Installed {
  /** The packed tarball. */
  readonly tarball: string
  /** Its size in bytes. */
  readonly size: number
  /** Paths of the files in it. */
  readonly files: readonly string[]
  /** The folder that it is installed in. */
  readonly folder: string
  /** The script that `create-start-convex-auth` runs. */
  readonly bin: string
}

const root = join(import.meta.dirname, '../..')

/** npm and its first argument: a script of Node, so that it starts on Windows, too. */
function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** Builds the package, packs it and installs the tarball into an empty folder. */
export function packAndInstall(folder: string): Installed {
  npm(root, 'run', 'build', '--silent')
  const [packed] = JSON.parse(
    npm(
      root,
      'pack',
      '--json',
      '--silent',
      '--ignore-scripts',
      '--workspaces=false',
      '--pack-destination',
      folder,
    ),
  ) as [{ filename: string; size: number; files: { path: string }[] }]
  const home = join(folder, 'installed')
  mkdirSync(home)
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n')
  const tarball = join(folder, packed.filename)
  npm(home, 'install', '--silent', '--no-audit', '--no-fund', tarball)
  return {
    tarball,
    size: packed.size,
    files: packed.files.map(({ path }) => path),
    folder: home,
    bin: join(home, 'node_modules/create-start-convex-auth/dist/bin.cjs'),
  }
}
