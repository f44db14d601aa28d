import valid from 'semver/functions/valid.js'
import { CliError } from '../errors.ts'
import type { SelectedLayer } from '../layers/layer.ts'
import { sourceFrom } from '../layers/source.ts'
import type { LayerOrigin } from '../layers/source.ts'
import { checkName } from '../options/name.ts'
import { packageManagerNames } from '../package-managers.ts'
import type { PackageManager } from '../package-managers.ts'
import { printJson } from '../plan/formats.ts'
import type { Plan, PlanInput, PlannedFile } from '../plan/types.ts'

/** The record's path in a generated repository. */
export const RECORD_PATH = '.start-convex-auth.json'

const SCHEMA_VERSION = 2
/** The name of the package. */
export const GENERATOR = 'create-start-convex-auth'
const BASE = 'base'

/** A layer of the repository, and what is taken of it. */
export interface RecordedLayer {
  readonly name: string
  readonly choices: readonly string[]
  /** Where somebody else's is to be had again; nothing for what comes with the generator. */
  readonly origin?: LayerOrigin
}

/** What a later `add`, `remove` or `update` needs to make the same plan again. */
export interface RepoRecord {
  readonly generator: { readonly name: string; readonly version: string }
  readonly options: {
    readonly name: string
    readonly packageManager: PackageManager
    readonly pinnedPackageManager?: string
    readonly port: number
  }
  /** In their order, the base first. */
  readonly layers: readonly RecordedLayer[]
}

/** A record that a later version wrote, which can read it. */
export class NewerRecord extends CliError {
  override name = 'NewerRecord'

  constructor(generator: unknown) {
    const version = valid(String(generator).split('@').at(-1)) ?? 'unknown version'
    super(`${RECORD_PATH} was written by a newer ${GENERATOR} (${version}).`, {
      fix: `npx ${GENERATOR}@latest`,
    })
  }
}

/** Where a repository is, and where the sources of its layers were typed. */
export interface RecordPlace {
  readonly root: string
  readonly cwd: string
}

/**
 * The plan with its record.
 *
 * @param place - for layers in folders, which are recorded as seen from the repository
 */
export function addRecord(
  plan: Plan,
  layers: readonly SelectedLayer[],
  input: PlanInput,
  place?: RecordPlace,
): Plan {
  const content = printRecord(layers, input, place)
  const file: PlannedFile = { content, mode: 0o644, from: [GENERATOR] }
  const files = [...plan, [RECORD_PATH, file] as const]
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The file: a line for each layer, and nothing that the generator knows without it. */
function printRecord(
  [, ...layers]: readonly SelectedLayer[],
  { name, packageManager, pinnedPackageManager, port, generatorVersion }: PlanInput,
  place: RecordPlace | undefined,
): string {
  const recorded = layers.map(({ layer, choices }) => {
    const { source, commit, digest } = layer
    const seen = place ? sourceFrom(place.root, source, place.cwd) : source
    const origin = { source: seen, ...(commit !== undefined && { commit }), digest }
    const taken = choices.length > 0 && { choices }
    return [layer.name, { ...taken, ...(source !== 'builtin' && origin) }] as const
  })
  const pin = pinnedPackageManager ? { pinnedPackageManager } : {}
  const record = {
    schemaVersion: SCHEMA_VERSION,
    generator: `${GENERATOR}@${generatorVersion}`,
    options: { name, packageManager, ...pin, port },
    layers: Object.fromEntries(recorded),
  }
  return `${printJson(record, 'short')}\n`
}

/**
 * Reads a record, of this form or an earlier one.
 *
 * @param path - of the file, for the commands that mend it
 * @throws {CliError} when it is damaged, or a newer generator wrote it
 */
export function parseRecord(text: string, path: string = RECORD_PATH): RepoRecord {
  if (/^<{7} /m.test(text)) {
    throw new CliError(`${path} has a conflict in it, of a merge that is under way.`, {
      fix: resolveConflict(path),
    })
  }
  try {
    return recordIn(JSON.parse(text.replace(/^\uFEFF/, '')))
  } catch (cause) {
    if (cause instanceof CliError) throw cause
    const { message } = cause as Error
    const why = cause instanceof SyntaxError ? `it is no JSON (${message})` : message
    const fix = `Bring it back from git: git checkout -- ${path}`
    throw new CliError(`${path} is damaged: ${why}.`, { fix, cause })
  }
}

/** What is under way, and has left both sides in a file, git says itself. */
export const resolveConflict = (path: string): string =>
  `Resolve it there, then: git add ${path}\nHow to go on, or back: git status`

function recordIn(value: unknown): RepoRecord {
  const file = objectOr(value, 'it')
  const version = file['schemaVersion']
  if (typeof version === 'number' && version > SCHEMA_VERSION)
    throw new NewerRecord(file['generator'])
  if (version !== 1 && version !== 2) throw damaged('"schemaVersion" is neither 1 nor 2')
  const options = optionsOf(objectOr(file['options'], '"options"'))
  return version === 1
    ? { generator: generatorOf(file['generator']), options, layers: layersOf1(file['layers']) }
    : {
        generator: generatorOf(file['generator']),
        options,
        layers: [
          { name: BASE, choices: [options.packageManager] },
          ...layersOf2(objectOr(file['layers'], '"layers"')),
        ],
      }
}

function generatorOf(value: unknown): RepoRecord['generator'] {
  const [, name = '', version = ''] = /^(.+)@([^@]+)$/.exec(String(value)) ?? []
  const told =
    typeof value === 'string'
      ? { name, version }
      : (value as Partial<RepoRecord['generator']> | undefined)
  const exact = valid(told?.version)
  if (told?.name === GENERATOR && exact !== null && exact === told.version) {
    return { name: GENERATOR, version: exact }
  }
  throw damaged(`"generator" is no version of ${GENERATOR}`)
}

function optionsOf(options: Readonly<Record<string, unknown>>): RepoRecord['options'] {
  const { name, packageManager, pinnedPackageManager: pin, port } = options
  if (typeof name !== 'string') throw damaged('"options.name" is no name')
  const problem = checkName(name)
  if (problem) throw damaged(`"options.name": ${problem.message.replace(/\.$/, '')}`)
  const known = packageManagerNames.find((candidate) => candidate === packageManager)
  if (known === undefined) {
    throw damaged(`"options.packageManager" is none of ${packageManagerNames.join(', ')}`)
  }
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65535) {
    throw damaged('"options.port" is no port')
  }
  if (pin !== undefined && !isPin(pin, known)) {
    throw damaged(`"options.pinnedPackageManager" is no version of ${known}`)
  }
  return { name, packageManager: known, ...(pin && { pinnedPackageManager: pin }), port }
}

/** Such as `pnpm@10.1.0`. */
const isPin = (pin: unknown, name: PackageManager): pin is string =>
  typeof pin === 'string' &&
  pin.startsWith(`${name}@`) &&
  /^\d\S*$/.test(pin.slice(name.length + 1)) &&
  valid(pin.slice(name.length + 1)) !== null

function layersOf2(layers: Readonly<Record<string, unknown>>): RecordedLayer[] {
  if (BASE in layers) throw damaged(`"layers" names "${BASE}", which is in every app`)
  return Object.entries(layers).map(([name, value]) => layerOf(name, value, `"layers.${name}"`))
}

/** The first form: a list, the base in it, with a digest of every layer. */
function layersOf1(layers: unknown): RecordedLayer[] {
  if (!Array.isArray(layers) || layers.length === 0) throw damaged('"layers" is no list')
  return layers.map((value: unknown, index) => {
    const place = `"layers.${index}"`
    const { name, ...layer } = objectOr(value, place)
    if (typeof name !== 'string') throw damaged(`${place} has no name`)
    return layerOf(
      name,
      layer['source'] === 'builtin' ? { choices: layer['choices'] } : layer,
      place,
    )
  })
}

const DIGEST = /^sha256-[0-9a-f]{64}$/
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

function layerOf(name: string, value: unknown, place: string): RecordedLayer {
  const { choices = [], source, commit, digest } = objectOr(value, place)
  const isText = (text: unknown, form = /./) => typeof text === 'string' && form.test(text)
  if (!isText(name, /^[a-z][a-z0-9-]*$/)) throw damaged(`${place} has no name of a layer`)
  if (!Array.isArray(choices) || !choices.every((choice) => isText(choice)))
    throw damaged(`${place} has no list of choices`)
  if (source === undefined) return { name, choices: choices as string[] }
  if (
    !isText(source) ||
    !isText(digest, DIGEST) ||
    (commit !== undefined && !isText(commit, COMMIT))
  ) {
    throw damaged(`${place} doesn't say where it is from`)
  }
  const origin = { source, ...(commit !== undefined && { commit }), digest } as LayerOrigin
  return { name, choices: choices as string[], origin }
}

function objectOr(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>
  }
  throw damaged(`${place} is no object`)
}

/** What is wrong with a record. */
const damaged = (why: string) => new Error(why)
