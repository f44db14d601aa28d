import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readIfThere } from './find.ts'

/** The part of a `package.json` that is read here. */
export interface PackageJson {
  readonly version?: string
  readonly engines?: { readonly node?: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** A package that is installed. */
export interface InstalledPackage {
  readonly folder: string
  readonly manifest: PackageJson
}

/** The package that a folder's code would import, as Node finds it; nothing when there is none. */
export function installedPackage(folder: string, name: string): InstalledPackage | undefined {
  for (let from = folder; ; from = dirname(from)) {
    const home = join(from, 'node_modules', name)
    const text = readIfThere(join(home, 'package.json'))
    const manifest = parsePackageJson(text ?? '')
    // Without a version it is a folder that an installation was stopped in.
    if (manifest.version !== undefined) return { folder: home, manifest }
    if (from === dirname(from)) return undefined
  }
}

/** Dependencies of a package.json, those of development too. */
export const wantedPackages = ({ dependencies, devDependencies }: PackageJson) => ({
  ...dependencies,
  ...devDependencies,
})

/** Names that a repository's package.json wants and that aren't installed, or not whole. */
export function missingPackages(root: string): string[] {
  const manifest = parsePackageJson(readIfThere(join(root, 'package.json')) ?? '')
  return Object.keys(wantedPackages(manifest)).filter(
    (name) => installedPackage(root, name) === undefined,
  )
}

/** Whether Yarn keeps the packages in archives, where we and the Convex CLI don't find them. */
export const isPlugAndPlay = (root: string): boolean =>
  existsSync(join(root, '.pnp.cjs')) && !existsSync(join(root, 'node_modules'))

/** What brings a `node_modules`. */
export const leavePlugAndPlay = [
  'Put "nodeLinker: node-modules" into .yarnrc.yml, then:',
  'yarn install',
]

/** A `package.json`, or an empty one where it is damaged. */
export function parsePackageJson(text: string): PackageJson {
  try {
    return JSON.parse(text) as PackageJson
  } catch {
    return {}
  }
}
