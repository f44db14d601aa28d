import { packageManagers } from '../package-managers.ts'
import { installedPackage } from '../project/packages.ts'
import type { InstalledPackage } from '../project/packages.ts'
import { fits } from '../project/versions.ts'
import { check } from './check.ts'
import type { Check, Inspection, Installed, Problem } from './check.ts'

const APP = 'the app'

/** The app, or a library of its, and what it finds when it imports. */
interface Importer extends InstalledPackage {
  readonly name: string
}

/** A package as an importer finds it. */
interface SharedVersion {
  readonly importer: string
  /** What the importer asks for. */
  readonly range: string
  readonly version: string
}

/**
 * Whether each package that a library of the app wants to share, its peer, is the same for all
 * of them: of two versions, the types don't fit together, and each has a state of its own.
 */
export function checkShared({ project, manifest }: Inspection, installed: Installed): Check {
  const { root, pm } = project
  const libraries = Object.keys(manifest.dependencies ?? {}).flatMap((name): Importer[] => {
    const found = installed.get(name)
    return found ? [{ ...found, name }] : []
  })
  const importers = [{ name: APP, folder: root, manifest }, ...libraries]
  const { add } = packageManagers[pm.name]
  const problems = [...new Set(libraries.flatMap(neededPeers))].flatMap((name): Problem[] => {
    const found = importers.flatMap((importer) => versionFor(importer, name))
    return new Set(found.map(({ version }) => version)).size < 2
      ? []
      : [severalOf(name, found, add)]
  })
  return check('shared', problems, 'Libraries share one version of each package that they share.')
}

const neededPeers = ({ manifest: { peerDependencies, peerDependenciesMeta } }: Importer) =>
  Object.keys(peerDependencies ?? {}).filter((peer) => !peerDependenciesMeta?.[peer]?.optional)

function versionFor({ name: importer, folder, manifest }: Importer, name: string): SharedVersion[] {
  const range = { ...manifest.peerDependencies, ...manifest.dependencies }[name]
  const version = range && installedPackage(folder, name)?.manifest.version
  return range && version ? [{ importer, range, version }] : []
}

function severalOf(name: string, found: readonly SharedVersion[], add: string): Problem {
  const versions = [...new Set(found.map(({ version }) => version))]
  const list = versions.map((version) => {
    const importers = found.filter((one) => one.version === version)
    return `${version} for ${importers.map(({ importer }) => importer).join(', ')}`
  })
  const message = `${name} is installed in ${versions.length} versions, which don't fit together: ${list.join('; ')}.`
  // The app's own is tried first, and what the app asks for can be changed.
  const ofLibraries = found.filter(({ importer }) => importer !== APP)
  const one = versions.find((version) => ofLibraries.every(({ range }) => fits(version, range)))
  if (one !== undefined) return { message, fix: [`${add} ${name}@${one}`] }
  const [own = ''] = versions
  const others = ofLibraries.filter(({ range }) => !fits(own, range))
  return {
    message,
    fix: [
      `Bring what doesn't take ${name} ${own} to a newer version:`,
      `${add} ${others.map(({ importer }) => `${importer}@latest`).join(' ')}`,
    ],
  }
}
