import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { EnvVar, Layer, SelectedLayer } from '../layers/layer.ts'
import { declaredVariables, SERVER_TYPES } from '../plan/convex-generated.ts'
import { templateData } from '../plan/data.ts'
import type { PlanInput, TemplateData } from '../plan/types.ts'
import { findProject, readIfThere } from './find.ts'
import type { ProjectRoot } from './find.ts'

/** Variables of a `.env` file. */
export type Variables = Readonly<Record<string, string | undefined>>

/** A generated repository as it is now. */
export interface Project extends ProjectRoot {
  /** The recorded layers that come with this generator. */
  readonly layers: readonly SelectedLayer[]
  readonly input: PlanInput
  readonly pm: TemplateData['pm']
  /** The variables of the Convex deployment that the app declares. */
  readonly env: readonly EnvVar[]
  /** The chosen providers whose variables it still declares. */
  readonly providers: TemplateData['providers']
  /** The services whose variables it still declares. */
  readonly services: TemplateData['services']
  /** `http://localhost:PORT`, with the port that the app takes, or the recorded one. */
  readonly siteUrl: string
  /** Where PORT is: the last of the files that Vite reads, and `.env` where it is in none. */
  readonly portFile: string
  /** What that file has for PORT, where it is none. */
  readonly wrongPort: string | undefined
  /** The name on the app's pages. */
  readonly shownName: string
  /** `.env.local`; nothing where it isn't there. */
  readonly local: Variables | undefined
  /** `.env.convex`; nothing where it isn't there. */
  readonly convex: Variables | undefined
}

/**
 * What Vite reads in development, the strongest first.
 *
 * @see https://vite.dev/guide/env-and-mode#env-files
 */
export const settingsFiles = ['.env.development.local', '.env.development', '.env.local', '.env']

/**
 * Reads the repository that a folder is in.
 *
 * @param builtin - the layers that come with this generator
 * @throws CliError as `findProject` does
 */
export function readProject(cwd: string, builtin: readonly Layer[]): Project {
  const { root, record } = findProject(cwd)
  const variables = (name: string) => {
    const text = readIfThere(join(root, name))
    return text === undefined ? undefined : parseEnv(text)
  }
  const setting = (name: string) =>
    settingsFiles
      .map((file) => ({ file, value: variables(file)?.[name] }))
      .find(({ value }) => value !== undefined)
  const { file: portFile = '.env', value: said } = setting('PORT') ?? {}
  const wrongPort = said === undefined || isPort(said) ? undefined : said
  const port = Number(wrongPort === undefined ? (said ?? record.options.port) : record.options.port)
  const { name, packageManager } = record.options
  const layers = recordedLayers(record, builtin)
  const input = {
    name,
    packageManager,
    port,
    secret: '',
    generatorVersion: record.generator.version,
  }
  const data = templateData(layers, input)
  const env = declaredNow(data.env, readIfThere(join(root, SERVER_TYPES)))
  const declares = (variable: EnvVar) => env.some((known) => known.name === variable.name)
  return {
    root,
    record,
    layers,
    input,
    env,
    pm: data.pm,
    providers: data.providers.filter((provider) => provider.env.some(declares)),
    services: data.services.filter((service) => service.env.some(declares)),
    siteUrl: data.siteUrl,
    portFile,
    wrongPort,
    shownName: setting('VITE_APP_NAME')?.value?.trim() || name,
    local: variables('.env.local'),
    convex: variables('.env.convex'),
  }
}

const isPort = (text: string) =>
  /^[0-9]{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535

/** A layer of somebody else isn't fetched again: what it declares is in the repository. */
function recordedLayers(
  { layers }: ProjectRoot['record'],
  builtin: readonly Layer[],
): SelectedLayer[] {
  return layers.flatMap(({ name, origin, choices }) => {
    const layer = origin ? undefined : builtin.find((known) => known.name === name)
    const known = Object.keys(layer?.manifest.choices ?? {})
    return layer ? [{ layer, choices: choices.filter((choice) => known.includes(choice)) }] : []
  })
}

/** What the app's own types declare, told as the layers tell it. */
function declaredNow(layers: readonly EnvVar[], types: string | undefined): readonly EnvVar[] {
  const declared = declaredVariables(types ?? '')
  if (declared.length === 0) return layers
  const own = declared.filter(({ name }) => !layers.some((variable) => variable.name === name))
  return [
    ...layers.filter(({ name }) => declared.some((variable) => variable.name === name)),
    ...own.map((variable) => ({ ...variable, description: '' })),
  ]
}
