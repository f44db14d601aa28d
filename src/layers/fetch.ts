import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliError } from '../errors.ts'
import type { Layer } from './layer.ts'
import { limits, tooLarge, withLimits } from './limits.ts'
import { readLayer } from './read.ts'

/**
 * Reads a layer from where the user says it is: a folder (`./x`, `/x`, `C:\x`,
 * `file:///x`), or what giget understands (`gh:owner/repo/path#ref`,
 * `https://…/x.tar.gz`).
 *
 * @param cwd - what a relative folder is relative to
 * @throws {CliError} when it isn't found, can't be reached, or is no layer
 */
export async function fetchLayer(source: string, cwd: string): Promise<Layer> {
  const local = localFolder(source, cwd)
  if (local !== undefined) return readLayer(local, source)
  if (!/[:/]/.test(source)) throw notAPlace(source)
  const folder = await mkdtemp(join(tmpdir(), 'start-convex-auth-'))
  try {
    await download(source, folder)
    return await readLayer(join(folder, 'layer'), source)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function localFolder(source: string, cwd: string): string | undefined {
  try {
    if (/^file:/i.test(source)) return fileURLToPath(source)
  } catch (cause) {
    throw new CliError(`${source} is not the address of a folder here.`, {
      exitCode: 2,
      cause,
    })
  }
  return /^(?:[./\\]|[a-z]:[/\\])/i.test(source) ? resolve(cwd, source) : undefined
}

const notAPlace = (source: string) =>
  new CliError(`"${source}" doesn't say where the layer is.`, {
    exitCode: 2,
    fix: `Name a folder (./${source}) or a repository (gh:owner/${source}).`,
  })

/** Downloads a template into the folder `layer` of a folder of ours. */
async function download(source: string, folder: string): Promise<void> {
  const { downloadTemplate } = await import('giget')
  const dir = join(folder, 'layer')
  const cache = join(folder, 'cache')
  await mkdir(cache)
  let files = 0
  try {
    const get = () =>
      downloadTemplate(source, {
        dir,
        cwd: folder,
        force: true,
        install: false,
        preferOffline: false,
        provider: 'github',
        registry: false,
        silent: true,
        ignore: () => ++files > limits.files,
      })
    await withCacheIn(cache, () => withLimits(get))
    if (files > limits.files) throw tooLarge(`${limits.files} files`)
  } catch (error) {
    throw explain(source, error)
  }
}

/**
 * Runs with giget's cache in a folder of ours. In its own, two addresses that
 * end alike share one file, and a failed download answers with the last one.
 */
async function withCacheIn<T>(cache: string, run: () => Promise<T>): Promise<T> {
  const ours: Record<string, string> = {
    XDG_CACHE_HOME: cache,
    // Windows: giget takes its cache from os.tmpdir().
    ...(process.platform === 'win32' && { TEMP: cache }),
  }
  const before = Object.keys(ours).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, ours)
  try {
    return await run()
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}

const forPrivate = 'If it is private, put a token that may read it into the variable GIGET_AUTH.'

type Explanation = readonly [
  pattern: RegExp,
  problem: string | ((match: string) => string),
  fix: string,
]

// What giget says, as of 3.3.
const explanations: readonly Explanation[] = [
  [
    /: (?:404|410) /,
    'was not found.',
    `Check it: gh:owner/repository/folder#branch. ${forPrivate}`,
  ],
  [/: (?:401|403) /, 'may not be read.', forPrivate],
  [
    /: (5\d\d|429) /,
    (status) => `isn't available right now: its server answered ${status}.`,
    'Try again later.',
  ],
  [
    /Unsupported provider: (\S+)/,
    (name) => `has an unknown prefix, "${name}:".`,
    'Use gh:, gitlab:, bitbucket:, sourcehut:, git: or https://.',
  ],
  [
    /fetch failed|E(?:NOTFOUND|CONN|TIMEDOUT|AI_AGAIN)/,
    "can't be reached.",
    'Check the network, or download the layer and name its folder.',
  ],
  [
    /TAR_|Z_|zlib|incorrect header|unexpected end/i,
    'is not a .tar.gz archive.',
    'Name an archive, or a repository: gh:owner/repository.',
  ],
  [
    /.*\bgit\b.*/,
    (message) => `can't be cloned: ${message}`,
    'Check the address, and that git may read it.',
  ],
]

function explain(source: string, error: unknown): CliError {
  if (error instanceof CliError) {
    return new CliError(`${source} can't be used as a layer. ${error.message}`, { cause: error })
  }
  const message = error instanceof Error ? error.message : String(error)
  for (const [pattern, problem, fix] of explanations) {
    const match = pattern.exec(message)
    if (!match) continue
    const said = typeof problem === 'string' ? problem : problem(match[1] ?? match[0])
    return new CliError(`${source} ${said}`, { fix, cause: error })
  }
  return new CliError(`${source} can't be downloaded: ${message}`, {
    cause: error,
  })
}
