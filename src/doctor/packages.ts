import { packageManagers } from '../package-managers.ts'
import {
  installedPackage,
  isPlugAndPlay,
  leavePlugAndPlay,
  wantedPackages,
} from '../project/packages.ts'
import { fits, isOlder, isVersion } from '../project/versions.ts'
import { installAllCommand } from '../system/install-command.ts'
import { check, unchecked } from './check.ts'
import type { Check, Inspection, Installed, Problem } from './check.ts'
import { checkShared } from './shared.ts'

/** Below these are known holes. */
const floors: readonly (readonly [name: string, version: string, hole: string])[] = [
  ['better-auth', '1.6.22', 'an account takeover (get-convex/better-auth#420)'],
]

/** The versions that are installed: against package.json, the tested set, the floors, the peers, and one another. */
export async function packageChecks(inspection: Inspection): Promise<Check[]> {
  const { project, manifestProblem } = inspection
  if (manifestProblem) {
    return [check('installed', [manifestProblem], ''), ...notChecked('package.json tells nothing')]
  }
  if (isPlugAndPlay(project.root)) {
    const why = "Yarn's Plug'n'Play keeps the packages in archives"
    return [
      unchecked('installed', `What is installed can't be checked: ${why}.`, leavePlugAndPlay),
      ...notChecked(why),
    ]
  }
  const installed = installedPackages(inspection)
  const isNothing = [...installed.values()].every((found) => found === undefined)
  return [
    await checkInstalled(inspection, installed),
    ...(isNothing
      ? notChecked('nothing is installed')
      : [
          checkTested(inspection, installed),
          checkFloors(inspection),
          checkPeers(inspection, installed),
          ofInstalled(
            checkShared(inspection, installed),
            installed,
            'Whether libraries share one version',
          ),
        ]),
  ]
}

const notChecked = (why: string): Check[] => [
  unchecked('tested', `Whether the versions were tested together can't be checked: ${why}.`),
  unchecked('security', `Known holes can't be checked: ${why}.`),
  unchecked('peers', `Peer dependencies can't be checked: ${why}.`),
  unchecked('shared', `Whether libraries share one version can't be checked: ${why}.`),
]

/** A check of what is installed, which says nothing of the rest. */
function ofInstalled(one: Check, installed: Installed, what: string): Check {
  const missing = [...installed].filter(([, found]) => !found).map(([name]) => name)
  if (!one.ok || missing.length === 0) return one
  return unchecked(
    one.id,
    `${what} can't be checked while ${few(missing)} ${missing.length > 1 ? "aren't" : "isn't"} installed.`,
  )
}

function installedPackages({ project, manifest }: Inspection): Installed {
  const names = Object.keys(wantedPackages(manifest))
  return new Map(names.map((name) => [name, installedPackage(project.root, name)]))
}

async function checkInstalled(
  { project, manifest }: Inspection,
  installed: Installed,
): Promise<Check> {
  const ranges = wantedPackages(manifest)
  const missing = [...installed].filter(([, found]) => !found).map(([name]) => name)
  const wrong = [...installed].flatMap(([name, found]) => {
    const range = ranges[name] ?? ''
    // A tag, an address or a folder is not for us to judge.
    const isRange = /^[\^~<>=\d*]/.test(range)
    const { version } = found?.manifest ?? {}
    return version && isRange && !fits(version, range) ? [`${name} ${version}`] : []
  })
  const { root, pm } = project
  // A setting may leave those of development out, and would do it again.
  const isAll = missing.some((name) => manifest.devDependencies?.[name] !== undefined)
  const fix = [isAll ? await installAllCommand(pm.name, { cwd: root }) : pm.install]
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

function checkTested({ project, tested }: Inspection, installed: Installed): Check {
  const set = wantedPackages(tested)
  const off = [...installed].flatMap(([name, found]) => {
    const version = set[name]
    const own = found?.manifest.version
    return version && own && isUntested(own, version) ? [{ name, version, found: own }] : []
  })
  const command = `${packageManagers[project.pm.name].add} ${off.map(({ name, version }) => `${name}@${version}`).join(' ')}`
  const list = few(off.map(({ name, found, version }) => `${name} ${found} (tested: ${version})`))
  const result = check(
    'tested',
    off.length > 0 ? [{ message: `Not tested together: ${list}.`, fix: [command] }] : [],
    'The versions are those that were tested together, or newer within their range.',
  )
  return ofInstalled(result, installed, 'Whether the versions were tested together')
}

/** Older than the tested one, or beyond what its author promises to be compatible. */
function isUntested(version: string, tested: string): boolean {
  // Betas promise nothing.
  return tested.includes('-') ? version !== tested : !fits(version, `^${tested}`)
}

function checkFloors({ project }: Inspection): Check {
  const unknown = floors.filter(([name]) => !installedPackage(project.root, name))
  if (unknown.length > 0) {
    const names = unknown.map(([name]) => name).join(', ')
    return unchecked('security', `Known holes can't be checked: ${names} isn't installed.`)
  }
  const [odd] = floors.filter(([name]) => !isVersion(versionIn(project.root, name)))
  if (odd !== undefined) {
    const [name] = odd
    const told = JSON.stringify(versionIn(project.root, name))
    return unchecked(
      'security',
      `Known holes can't be checked: the installed ${name} has ${told} for its version, which is none.`,
      [`Remove node_modules/${name}, then:`, project.pm.install],
    )
  }
  const problems = floors.flatMap(([name, floor, hole]): Problem[] => {
    const version = versionIn(project.root, name)
    if (!isOlder(version, floor)) return []
    const message = `${name} ${version} has ${hole}; ${floor} closes it.`
    return [{ message, fix: [`${packageManagers[project.pm.name].add} ${name}@${floor}`] }]
  })
  return check('security', problems, 'No installed version has a hole that we know of.')
}

const versionIn = (root: string, name: string) =>
  installedPackage(root, name)?.manifest.version ?? ''

function checkPeers({ project }: Inspection, installed: Installed): Check {
  const problems = [...installed].flatMap(([name, found]) => {
    const { folder, manifest } = found ?? {}
    const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest ?? {}
    return Object.entries(peerDependencies).flatMap(([peer, range]): Problem[] => {
      const version = folder && installedPackage(folder, peer)?.manifest.version
      if (version === undefined && peerDependenciesMeta[peer]?.optional) return []
      if (version !== undefined && fits(version, range)) return []
      const message = `${name} needs ${peer} ${range}, and ${version ?? 'none'} is installed.`
      return [{ message, fix: [`${packageManagers[project.pm.name].add} "${peer}@${range}"`] }]
    })
  })
  const result = check('peers', problems, 'Every peer dependency is met.')
  return ofInstalled(result, installed, 'Peer dependencies')
}

function few(names: readonly string[]): string {
  const rest = names.length - 5
  return [...names.slice(0, 5), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}
