import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Json } from '../layers/layer.ts'
import { packageManagers } from '../package-managers.ts'
import { resolveConflict } from '../repo/record.ts'
import { isObject } from '../plan/formats.ts'
import { typedPath } from '../shell.ts'
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
  isOfPlugAndPlay(root) && !installedPackage(root, 'convex')

/** What Yarn writes for it is beside the lockfile: for a workspace, in a folder above. */
function isOfPlugAndPlay(folder: string): boolean {
  if (hasPnpFile(folder)) return true
  const isLocked = lockfileNames.some((name) => existsSync(join(folder, name)))
  if (folder === dirname(folder) || isLocked) return false
  return isOfPlugAndPlay(dirname(folder))
}

/** Whether Yarn has written for it that packages are in archives, in this very folder. */
export const hasPnpFile = (folder: string): boolean =>
  ['.pnp.cjs', '.pnp.js'].some((name) => existsSync(join(folder, name)))

const lockfileNames = Object.values(packageManagers).flatMap(({ lockfiles }) => lockfiles)

/** What brings a `node_modules`. */
export const leavePlugAndPlay = [
  'Put "nodeLinker: node-modules" into the .yarnrc.yml beside the .pnp file, then:',
  'yarn install',
]

/** What of a `package.json` has the form that it should have; nothing where it is damaged. */
export function parsePackageJson(text: string): PackageJson {
  try {
    const value = JSON.parse(text) as Json
    return isObject(value) ? Object.fromEntries(Object.entries(value).flatMap(usable)) : {}
  } catch {
    return {}
  }
}

/** A field with what is of use in it: a name and a version are texts, and all others that are read hold texts. */
function usable([field, value]: [string, Json]): [string, Json][] {
  if (field === 'name' || field === 'version') return isText(value) ? [[field, value]] : []
  if (!isObject(value)) return []
  const isWanted = field === 'peerDependenciesMeta' ? isObject : isText
  return [[field, Object.fromEntries(Object.entries(value).filter(([, held]) => isWanted(held)))]]
}

const isText = (value: Json) => typeof value === 'string'

/**
 * Why a repository's package.json is of no use, as a sentence, and what mends it; nothing where it is well.
 *
 * @param cwd - where the user types commands
 */
export function packageJsonProblem(
  root: string,
  cwd: string,
): { message: string; fix: string } | undefined {
  const path = join(root, 'package.json')
  const text = readIfThere(path)
  const committed = `git checkout -- ${typedPath(cwd, path)}`
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
  if (/^<{7} /m.test(text)) {
    const fix = resolveConflict(typedPath(cwd, path))
    return because('has a conflict in it, of a merge that is under way', fix)
  }
  try {
    JSON.parse(text)
  } catch (error) {
    return because(`is no JSON: ${(error as Error).message}`)
  }
  const { dependencies = {} } = parsePackageJson(text)
  return Object.keys(dependencies).length > 0 ? undefined : because('names no dependencies')
}
