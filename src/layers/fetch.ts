import { createReadStream, existsSync } from 'node:fs'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Transformer } from 'node:stream/web'
import { constants, createGunzip, gunzipSync } from 'node:zlib'
import { CliError } from '../errors.ts'
import { withScratch } from '../scratch.ts'
import type { Layer } from './layer.ts'
import { MANIFEST, MOST_BYTES, readLayer } from './read.ts'
import { localFolder, pinnedSource } from './source.ts'
import type { LayerOrigin } from './source.ts'

/** Far more than any layer has, and little enough to unpack. */
const limits = { bytes: MOST_BYTES, files: 20_000 }

/** What a layer is taken for; a recorded one is taken already. */
interface LayerUse {
  /** The layers that come with the generator. */
  readonly builtin: readonly Layer[]
  /** The app's folder, there or not. */
  readonly target: string
}

/**
 * Reads a layer from where the user says it is: a folder (`./x`, `/x`, `C:\x`,
 * `file:///x`), or what giget understands (`gh:owner/repo/path#ref`,
 * `https://…/x.tar.gz`).
 *
 * @param cwd - what a relative folder is relative to
 * @throws {CliError} when it isn't found, can't be reached, or is no layer; with exit code 2
 *   when the app is inside it
 */
export async function fetchLayer(source: string, cwd: string, use?: LayerUse): Promise<Layer> {
  const local = localFolder(source, cwd)
  if (local !== undefined) {
    const way = use && existsSync(join(local, MANIFEST)) ? relative(local, use.target) : '..'
    if (!isAbsolute(way) && !/^\.\.(?:[/\\]|$)/.test(way)) {
      throw new CliError(
        `The app can't be inside a layer that it takes: all of it would belong to ${source}.`,
        { exitCode: 2, fix: "Put the app beside the layer's folder." },
      )
    }
    return readLayer(local, source, use?.builtin)
  }
  if (!/[:/]/.test(source)) {
    throw new CliError(`"${source}" doesn't say where the layer is.`, {
      exitCode: 2,
      fix: `Name a folder (./${source}) or a repository (gh:owner/${source}).`,
    })
  }
  return withScratch(async (folder) => {
    await download(source, folder)
    const layer = await readLayer(join(folder, 'layer'), source, use?.builtin)
    // A host answers with any commit; the address of an archive has one content.
    if (/^https?:/i.test(source)) return layer
    const commit = await fetchedCommit(join(folder, 'cache'))
    return { ...layer, ...(commit !== undefined && { commit }) }
  })
}

/**
 * The same layer again, in the state that was recorded.
 *
 * @param root - of the repository
 * @param isExact - it has to be that state, where no commit names it
 * @throws {CliError} when it isn't there any more, or only in another state
 */
export async function fetchRecordedLayer(
  origin: LayerOrigin,
  root: string,
  { isExact }: { readonly isExact: boolean },
): Promise<Layer> {
  const { source, commit, digest } = origin
  const layer = await fetchLayer(pinnedSource(origin), root).catch((error: unknown) => {
    throw error instanceof CliError ? noLongerThere(source, error) : error
  })
  if (isExact && commit === undefined && layer.digest !== digest) {
    throw new CliError(
      `${source} has changed since it was added, and its earlier state isn't to be had from there.`,
      { fix: `Bring it back as it was (${digest} in .start-convex-auth.json).` },
    )
  }
  return { ...layer, source, ...(commit !== undefined && { commit }) }
}

const noLongerThere = (source: string, { message, fix }: CliError) =>
  new CliError(`A layer of this app can't be had again, from ${source}. ${message}`, {
    fix: [
      ...(fix === undefined ? [] : [fix]),
      'If it has moved, its "source" in .start-convex-auth.json is to say where it is now; commit that.',
      'Or go on without it: take its entry out of "layers" there, and commit that. What it brought stays, as code of yours.',
    ].join('\n'),
  })

/** Downloads a template into the folder `layer` of a folder of ours. */
async function download(source: string, folder: string): Promise<void> {
  const { downloadTemplate } = await import('giget')
  const cache = join(folder, 'cache')
  await mkdir(cache)
  const held = { bytes: 0, files: 0 }
  const get = () =>
    downloadTemplate(source, {
      dir: join(folder, 'layer'),
      cwd: folder,
      force: true,
      install: false,
      preferOffline: false,
      provider: 'github',
      registry: false,
      silent: true,
      ignore: () => ++held.files > limits.files,
    })
  const isTooMuch = () => held.bytes > limits.bytes || held.files > limits.files
  try {
    await contained(get, cache, held)
  } catch (error) {
    if (!isTooMuch()) throw explain(source, error)
  }
  // giget goes on with what it has of a download that failed.
  if (!isTooMuch()) return
  const most =
    held.bytes > limits.bytes ? `${limits.bytes / 1024 / 1024} MB` : `${limits.files} files`
  throw new CliError(
    `${source} can't be used as a layer. It holds more than ${most}, and no layer needs that: it was not unpacked.`,
  )
}

const COMMIT_FILE = 'commit'
/** Writes down what git checked out: giget removes its clone before it answers. */
const COMMIT_HOOK = '#!/bin/sh\nprintf %s "$2" >"$LAYER_COMMIT"\n'

/**
 * Runs giget with its cache in a folder of ours, and with downloads that end as soon as they
 * hold too much. In its own cache, two addresses that end alike share one file, and a failed
 * download answers with the last one. It fetches with the global fetch, has no limit of its own
 * and takes no other fetch.
 */
async function contained(
  run: () => Promise<unknown>,
  cache: string,
  held: { bytes: number },
): Promise<void> {
  // Each clone starts with it, wherever git is set to look for hooks.
  const template = join(cache, 'git-template')
  await mkdir(join(template, 'hooks'), { recursive: true })
  await writeFile(join(template, 'config'), '[core]\n\thooksPath = .git/hooks\n')
  await writeFile(join(template, 'hooks/post-checkout'), COMMIT_HOOK, { mode: 0o755 })
  const ours = {
    XDG_CACHE_HOME: cache,
    GIT_TEMPLATE_DIR: template,
    LAYER_COMMIT: join(cache, COMMIT_FILE),
    // On Windows, giget takes its cache from os.tmpdir().
    ...(process.platform === 'win32' && { TEMP: cache }),
  }
  const before = Object.entries(process.env).filter(([name]) => name in ours)
  const { fetch } = globalThis
  Object.assign(process.env, ours)
  globalThis.fetch = async (...args) => {
    const response = await fetch(...args)
    if (!response.ok || !response.body) return response
    return new Response(response.body.pipeThrough(counter(held)), response)
  }
  try {
    await run()
  } finally {
    for (const name of Object.keys(ours)) delete process.env[name]
    Object.assign(process.env, Object.fromEntries(before))
    globalThis.fetch = fetch
  }
}

/** Passes on what a download brings, packed or unpacked, until that is too much. */
function counter(held: { bytes: number }): TransformStream<Uint8Array, Uint8Array> {
  const gunzip = createGunzip()
  let packed = 0
  let unpacked = 0
  // What is no archive is for who reads it to say.
  gunzip.on('error', () => {}).on('data', (part: Buffer) => (unpacked += part.length))
  const unpack = (part: Uint8Array) =>
    new Promise<void>((resolve) => {
      if (gunzip.destroyed) resolve()
      else gunzip.once('error', () => resolve()).write(part, () => resolve())
    })
  const transformer: Transformer<Uint8Array, Uint8Array> = {
    transform: async (part, controller) => {
      packed += part.length
      await unpack(part)
      held.bytes = Math.max(packed, unpacked)
      if (held.bytes > limits.bytes) {
        gunzip.destroy()
        controller.error(new Error('Too large'))
      } else controller.enqueue(part)
    },
    flush: () => void gunzip.destroy(),
  }
  // Node's fetch ends the process where a server closes a connection that is made to wait: it isn't.
  return new TransformStream(
    transformer,
    new ByteLengthQueuingStrategy({ highWaterMark: limits.bytes }),
  )
}

const BLOCK = 512

/**
 * The commit that was cloned, or that a host made an archive of: git writes it
 * into the archive's first header, as a comment.
 *
 * @param folder - where the one archive is, at any depth
 * @returns nothing where the archive isn't git's
 * @see https://git-scm.com/docs/git-get-tar-commit-id
 */
async function fetchedCommit(folder: string): Promise<string | undefined> {
  const names = await readdir(folder, { recursive: true })
  if (names.includes(COMMIT_FILE)) return readFile(join(folder, COMMIT_FILE), 'utf8')
  const archive = names.find((name) => name.endsWith('.tar.gz'))
  if (archive === undefined) return undefined
  const packed = await buffer(createReadStream(join(folder, archive), { end: 64 * BLOCK }))
  // The rest is cut off, which is no error then.
  const tar = gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH })
  const [name, type] = [tar.toString('latin1', 0, 17), tar.toString('latin1', 156, 157)]
  if (name !== 'pax_global_header' || type !== 'g') return undefined
  const comment = tar.toString('latin1', BLOCK, 2 * BLOCK)
  return /^\d+ comment=([0-9a-f]{40}|[0-9a-f]{64})\n/.exec(comment)?.[1]
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
