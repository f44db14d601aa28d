import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Json } from '../layers/layer.ts'
import { isObject } from '../plan/formats.ts'
import { readIfThere, strangeEncoding } from './find.ts'

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
  /** Behind links, as those of pnpm and Bun: what it imports is beside that. */
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
    if (manifest.version !== undefined) return { folder: realpathSync(home), manifest }
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
  // Vite keeps its cache in a node_modules of its own making.
  existsSync(join(root, '.pnp.cjs')) && !installedPackage(root, 'convex')

/** What brings a `node_modules`. */
export const leavePlugAndPlay = [
  'Put "nodeLinker: node-modules" into .yarnrc.yml, then:',
  'yarn install',
]

/** A `package.json`, or an empty one where it is damaged. */
export function parsePackageJson(text: string): PackageJson {
  try {
    const value = JSON.parse(text) as Json
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** Why a repository's package.json is of no use, as a sentence, and what mends it; nothing where it is well. */
export function packageJsonProblem(root: string): { message: string; fix: string } | undefined {
  const path = join(root, 'package.json')
  const text = readIfThere(path)
  const committed = 'git checkout -- package.json'
  // What was written into it since would be gone.
  const because = (
    reason: string,
    fix = `Correct it, or take the last one again: ${committed}`,
  ) => ({
    message: `package.json ${reason}.`,
    fix,
  })
  if (text === undefined) return because("isn't there", committed)
  if (strangeEncoding(path) === 'UTF-16') {
    const fix = 'Save package.json as plain UTF-8.'
    return because('is saved as UTF-16, which no package manager reads', fix)
  }
  try {
    JSON.parse(text)
  } catch (error) {
    return because(`is no JSON: ${(error as Error).message}`)
  }
  const { dependencies = {} } = parsePackageJson(text)
  return Object.keys(dependencies).length > 0 ? undefined : because('names no dependencies')
}
