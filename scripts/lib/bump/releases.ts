import { compare, prerelease } from 'semver'
import { exec } from 'tinyexec'
import type { Candidates, Pins, Release } from './choose.ts'

/** A package's releases, and where its changes are told. */
export interface Package {
  readonly releases: readonly Release[]
  readonly changelog: string | undefined
}

/** What `npm view` may answer: one value for one version, a list for several. */
type Told<T> = T | T[] | undefined

interface ToldRelease extends Release {
  readonly deprecated?: string
  readonly repository?: { readonly url?: string }
}

/**
 * Asks npm, with the settings of this machine, for the pinned version and the newer ones.
 * Of a package whose pinned version is a prerelease, prereleases count, too; deprecated
 * versions never do.
 *
 * @throws with npm's words when it can't be asked
 */
export async function releasesOf(name: string, pinned: string, cwd: string): Promise<Package> {
  const versions = many(await view<string>(name, ['versions'], cwd))
  const newer = versions.filter(
    (version) =>
      compare(version, pinned) >= 0 &&
      (prerelease(version) === null || prerelease(pinned) !== null),
  )
  const fields = ['version', 'peerDependencies', 'dependencies', 'deprecated', 'repository']
  const told = many(await view<ToldRelease>(`${name}@${newer.join(' || ')}`, fields, cwd))
  return {
    releases: told.filter(({ version, deprecated }) => !deprecated || version === pinned),
    changelog: changelogOf(told.at(-1)?.repository?.url),
  }
}

/** The candidates and changelogs of everything that is pinned, four packages at a time. */
export async function allReleases(
  pins: Pins,
  cwd: string,
): Promise<{ candidates: Candidates; changelogs: Readonly<Record<string, string | undefined>> }> {
  const names = Object.keys(pins)
  const found: Record<string, Package> = {}
  const work = async () => {
    for (let name = names.pop(); name; name = names.pop()) {
      found[name] = await releasesOf(name, pins[name] ?? '', cwd)
    }
  }
  await Promise.all([work(), work(), work(), work()])
  const each = <T>(of: (one: Package) => T) =>
    Object.fromEntries(Object.entries(found).map(([name, one]) => [name, of(one)]))
  return { candidates: each((one) => one.releases), changelogs: each((one) => one.changelog) }
}

async function view<T>(spec: string, fields: string[], cwd: string): Promise<Told<T>> {
  const { exitCode, stdout, stderr } = await exec('npm', ['view', spec, ...fields, '--json'], {
    nodeOptions: { cwd },
  })
  if (exitCode !== 0) throw new Error(`npm view ${spec} failed:\n${stderr || stdout}`)
  return stdout.trim() === '' ? undefined : (JSON.parse(stdout) as Told<T>)
}

const many = <T>(told: Told<T>): T[] => (told === undefined ? [] : ([told].flat() as T[]))

function changelogOf(repository: string | undefined): string | undefined {
  const [, path] = /github\.com[/:]([^/]+\/[^/#]+?)(?:\.git)?$/.exec(repository ?? '') ?? []
  return path && `https://github.com/${path}/releases`
}
