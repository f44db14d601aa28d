import { compare, satisfies } from 'semver'

/** Ranges that no package asks for, and a bump has to keep to. */
export const LIMITS: Readonly<Record<string, string>> = {
  // Below is an account takeover.
  'better-auth': '>=1.6.22',
  // The types of the oldest Node that the app runs on.
  '@types/node': '^22.12',
}

/** What a version of a package says of itself, as `npm view` tells it. */
export interface Release {
  readonly version: string
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
}

/** Package → the version that is pinned. */
export type Pins = Readonly<Record<string, string>>

/** Package → what it could be: its pinned version and newer ones, in any order. */
export type Candidates = Readonly<Record<string, readonly Release[]>>

/** A version that is out, and why it isn't taken. */
export interface Held {
  readonly name: string
  readonly version: string
  readonly because: string
}

export interface Choice {
  readonly pins: Pins
  readonly held: readonly Held[]
}

/** A package that wants another one in a range that it isn't in. */
interface Conflict {
  readonly from: string
  readonly to: string
  readonly range: string
}

/**
 * The newest versions that fit together, none older than what is pinned: of two that don't
 * fit, the one that is wanted in an older version gives way, else the one that wants it newer.
 * What a package depends on counts as its peer: packages of one family stay in step.
 *
 * @throws when a package has no candidate at its pinned version or above
 */
export function choose(pins: Pins, candidates: Candidates): Choice {
  const left = Object.fromEntries(
    Object.keys(pins).map((name) => [name, newestFirst(name, pins, candidates)]),
  )
  const held: Held[] = []
  const drop = (name: string, count: number, because: string) => {
    const gone = left[name]?.splice(0, count) ?? []
    held.push(...gone.map(({ version }) => ({ name, version, because })))
  }
  for (let conflict = conflictIn(left); conflict; conflict = conflictIn(left)) {
    giveWay(conflict, left, drop)
  }
  const chosen = Object.entries(left).map(([name, [first]]) => [name, first?.version ?? ''])
  return { pins: Object.fromEntries(chosen) as Pins, held: newestOf(held) }
}

type Left = Record<string, Release[]>

function newestFirst(name: string, pins: Pins, candidates: Candidates): Release[] {
  const floor = pins[name] ?? ''
  const limit = LIMITS[name] ?? '*'
  const found = (candidates[name] ?? []).filter(
    ({ version }) => compare(version, floor) >= 0 && fits(version, limit),
  )
  if (found.length === 0)
    throw new Error(`The registry has no ${name} from ${floor} on, within ${limit}.`)
  return found.toSorted((a, b) => compare(b.version, a.version))
}

function conflictIn(left: Left): Conflict | undefined {
  for (const [from, [release, ...older]] of Object.entries(left)) {
    const wants = { ...release?.dependencies, ...release?.peerDependencies }
    for (const [to, range] of Object.entries(wants)) {
      const other = left[to]
      if (!other?.[0] || fits(other[0].version, range)) continue
      // Two that are pinned already, and don't fit: not for a bump to mend.
      if (older.length > 0 || other.length > 1) return { from, to, range }
    }
  }
  return undefined
}

function giveWay(
  { from, to, range }: Conflict,
  left: Left,
  drop: (name: string, count: number, because: string) => void,
): void {
  const because = `${from} ${left[from]?.[0]?.version} wants ${to} ${range}`
  const fitting = left[to]?.findIndex(({ version }) => fits(version, range)) ?? -1
  if (fitting > 0) return drop(to, fitting, because)
  const wanting = (left[from]?.length ?? 0) > 1 ? from : to
  drop(wanting, 1, because)
}

const fits = (version: string, range: string) =>
  satisfies(version, range, { includePrerelease: true })

/** Of each package, the newest that was left aside. */
function newestOf(held: readonly Held[]): Held[] {
  const byName = new Map<string, Held>()
  for (const one of held) {
    const known = byName.get(one.name)
    if (!known || compare(one.version, known.version) > 0) byName.set(one.name, one)
  }
  return [...byName.values()]
}

/**
 * The changes that have to be made together with one of them, so that what is pinned fits.
 *
 * @param wanted - all changes, each to a version of `candidates`
 */
export function togetherWith(
  name: string,
  wanted: Pins,
  pins: Pins,
  candidates: Candidates,
): string[] {
  const set = new Set([name])
  for (let grown = true; grown;) {
    grown = false
    const now = { ...pins, ...pick(wanted, set) }
    for (const { from, to } of misfits(now, candidates)) {
      const other = [from, to].find((one) => one in wanted && !set.has(one))
      if (other === undefined || ![from, to].some((one) => set.has(one))) continue
      set.add(other)
      grown = true
    }
  }
  return [...set].toSorted()
}

export const pick = (pins: Pins, names: Iterable<string>): Pins =>
  Object.fromEntries([...names].map((name) => [name, pins[name] ?? '']))

function misfits(pins: Pins, candidates: Candidates): Conflict[] {
  return Object.entries(pins).flatMap(([from, version]) => {
    const release = candidates[from]?.find((one) => one.version === version)
    const wants = Object.entries({ ...release?.dependencies, ...release?.peerDependencies })
    return wants
      .filter(([to, range]) => pins[to] !== undefined && !fits(pins[to], range))
      .map(([to, range]) => ({ from, to, range }))
  })
}
