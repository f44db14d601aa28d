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
    if (text !== undefined) return { folder: home, manifest: parsePackageJson(text) }
    if (from === dirname(from)) return undefined
  }
}

/** A `package.json`, or an empty one where it is damaged. */
export function parsePackageJson(text: string): PackageJson {
  try {
    return JSON.parse(text) as PackageJson
  } catch {
    return {}
  }
}
