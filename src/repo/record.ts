import { hash } from 'node:crypto'
import { CliError } from '../errors.ts'
import type { SelectedLayer } from '../layers/layer.ts'
import { printJson } from '../plan/json.ts'
import { packageManagerNames } from '../package-managers.ts'
import type { PackageManager } from '../package-managers.ts'
import type { Plan, PlanInput, PlannedFile } from '../plan/types.ts'

/** The record's path in a generated repository. */
export const RECORD_PATH = '.start-convex-auth.json'

const SCHEMA_VERSION = 1
const GENERATOR = 'create-start-convex-auth'

/** What a later `add`, `remove` or `update` needs to make the same plan again. */
export interface RepoRecord {
  readonly schemaVersion: number
  readonly generator: { readonly name: string; readonly version: string }
  readonly options: {
    readonly name: string
    readonly packageManager: PackageManager
    readonly pinnedPackageManager?: string
    readonly port: number
  }
  readonly layers: readonly {
    readonly name: string
    readonly source: string
    readonly digest: string
    readonly choices: readonly string[]
  }[]
  /** path → `sha256-` and the hex digest of what was written */
  readonly files: Readonly<Record<string, string>>
}

/** The plan with its record; local files, which may hold secrets, are not in that. */
export function addRecord(plan: Plan, layers: readonly SelectedLayer[], input: PlanInput): Plan {
  const { name, packageManager, pinnedPackageManager: pin, port, generatorVersion } = input
  const record: RepoRecord = {
    schemaVersion: SCHEMA_VERSION,
    generator: { name: GENERATOR, version: generatorVersion },
    options: { name, packageManager, port, ...(pin && { pinnedPackageManager: pin }) },
    layers: layers.map(({ layer, choices }) => ({
      name: layer.name,
      source: layer.source,
      digest: layer.digest,
      choices,
    })),
    files: digestsOf(plan),
  }
  const file: PlannedFile = {
    content: printJson({ ...record }),
    mode: 0o644,
    from: [GENERATOR],
  }
  const files = [...plan, [RECORD_PATH, file] as const]
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function digestsOf(plan: Plan): Record<string, string> {
  const digests: Record<string, string> = {}
  for (const [path, { content, local }] of plan) {
    if (!local) digests[path] = `sha256-${hash('sha256', content)}`
  }
  return digests
}

/**
 * Reads a record.
 *
 * @throws {CliError} when it is damaged, or a newer generator wrote it
 */
export function parseRecord(text: string): RepoRecord {
  let value: Partial<RepoRecord> | null
  try {
    value = JSON.parse(text) as Partial<RepoRecord> | null
  } catch (cause) {
    throw damaged(cause)
  }
  const version = value?.schemaVersion
  if (typeof version === 'number' && version > SCHEMA_VERSION) {
    throw new CliError(
      `${RECORD_PATH} was written by a newer ${GENERATOR} (${value?.generator?.version ?? 'unknown version'}).`,
      { fix: `npx ${GENERATOR}@latest` },
    )
  }
  if (!isRecord(value)) throw damaged()
  return value
}

const isRecord = (value: Partial<RepoRecord> | null): value is RepoRecord =>
  value?.schemaVersion === SCHEMA_VERSION &&
  typeof value.generator?.version === 'string' &&
  typeof value.options?.name === 'string' &&
  packageManagerNames.includes(value.options.packageManager) &&
  typeof value.options.port === 'number' &&
  Array.isArray(value.layers) &&
  value.layers.every((layer) => typeof layer?.name === 'string' && Array.isArray(layer.choices)) &&
  typeof value.files === 'object' &&
  value.files !== null

const damaged = (cause?: unknown) =>
  new CliError(`${RECORD_PATH} is damaged.`, {
    fix: `Bring it back from git: git checkout -- ${RECORD_PATH}`,
    cause,
  })
