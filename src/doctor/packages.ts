import { packageManagers } from '../package-managers.ts'
import { installedPackage } from '../project/packages.ts'
import type { PackageJson } from '../project/packages.ts'
import { fits, isOlder } from '../project/versions.ts'
import { check } from './check.ts'
import type { Check, Problem, Inspection } from './check.ts'

/** Below these are known holes. */
const floors: readonly (readonly [name: string, version: string, hole: string])[] = [
  ['better-auth', '1.6.22', 'an account takeover (get-convex/better-auth#420)'],
]

/** The versions that are installed: against package.json, the tested set, the floors and the peers. */
export function packageChecks(inspection: Inspection): Check[] {
  const installed = installedVersions(inspection)
  return [
    checkInstalled(inspection, installed),
    checkTested(inspection, installed),
    checkFloors(inspection),
    checkPeers(inspection, installed),
  ]
}

type Versions = ReadonlyMap<string, PackageJson | undefined>

const wanted = ({ dependencies, devDependencies }: PackageJson) => ({
  ...dependencies,
  ...devDependencies,
})

function installedVersions({ project, manifest }: Inspection): Versions {
  const names = Object.keys(wanted(manifest))
  return new Map(names.map((name) => [name, installedPackage(project.root, name)?.manifest]))
}

function checkInstalled({ project, manifest }: Inspection, installed: Versions): Check {
  const ranges = wanted(manifest)
  const missing = [...installed].filter(([, found]) => !found).map(([name]) => name)
  const wrong = [...installed].flatMap(([name, found]) => {
    const range = ranges[name] ?? ''
    // A tag, an address or a folder is not for us to judge.
    const isRange = /^[\^~<>=\d*]/.test(range)
    const { version } = found ?? {}
    return version && isRange && !fits(version, range) ? [`${name} ${version}`] : []
  })
  const fix = [project.pm.install]
  return check(
    'installed',
    [
      ...(missing.length > 0 ? [{ message: `Not installed: ${few(missing)}.`, fix }] : []),
      ...(wrong.length > 0
        ? [{ message: `package.json wants other versions than ${few(wrong)}.`, fix }]
        : []),
    ],
    `${installed.size} dependencies are installed as package.json has them.`,
  )
}

function checkTested({ project, tested }: Inspection, installed: Versions): Check {
  const set = wanted(tested)
  const off = [...installed].flatMap(([name, found]) => {
    const version = set[name]
    return version && found?.version && isUntested(found.version, version)
      ? [{ name, version, found: found.version }]
      : []
  })
  const command = `${packageManagers[project.pm.name].add} ${off.map(({ name, version }) => `${name}@${version}`).join(' ')}`
  const list = few(off.map(({ name, found, version }) => `${name} ${found} (tested: ${version})`))
  return check(
    'tested',
    off.length > 0 ? [{ message: `Not tested together: ${list}.`, fix: [command] }] : [],
    'The versions are those that were tested together, or newer within their range.',
  )
}

/** Older than the tested one, or beyond what its author promises to be compatible. */
function isUntested(version: string, tested: string): boolean {
  // Betas promise nothing.
  return tested.includes('-') ? version !== tested : !fits(version, `^${tested}`)
}

function checkFloors({ project }: Inspection): Check {
  const problems = floors.flatMap(([name, floor, hole]): Problem[] => {
    const version = installedPackage(project.root, name)?.manifest.version
    if (version === undefined || !isOlder(version, floor)) return []
    const message = `${name} ${version} has ${hole}; ${floor} closes it.`
    return [{ message, fix: [`${packageManagers[project.pm.name].add} ${name}@${floor}`] }]
  })
  return check('security', problems, 'No installed version has a hole that we know of.')
}

function checkPeers({ project }: Inspection, installed: Versions): Check {
  const problems = [...installed].flatMap(([name, manifest]) => {
    const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest ?? {}
    return Object.entries(peerDependencies).flatMap(([peer, range]): Problem[] => {
      const version = installedPackage(project.root, peer)?.manifest.version
      if (version === undefined && peerDependenciesMeta[peer]?.optional) return []
      if (version !== undefined && fits(version, range)) return []
      const message = `${name} needs ${peer} ${range}, and ${version ?? 'none'} is installed.`
      return [{ message, fix: [`${packageManagers[project.pm.name].add} "${peer}@${range}"`] }]
    })
  })
  return check('peers', problems, 'Every peer dependency is met.')
}

function few(names: readonly string[]): string {
  const rest = names.length - 5
  return [...names.slice(0, 5), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}
