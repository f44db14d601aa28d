import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliError } from '../errors.ts'
import type { Layer } from './layer.ts'
import { readLayer } from './read.ts'

/**
 * Reads somebody else's layer: from a folder, or fetched by giget.
 *
 * @param source - `./folder`, an absolute path or `file:` URL, or what giget
 *   takes, such as `gh:owner/repo/folder#ref` or the address of a `.tar.gz`
 * @param cwd - what a relative folder is relative to
 * @throws {CliError} when it can't be fetched or isn't a layer
 */
export async function fetchLayer(source: string, cwd: string): Promise<Layer> {
  const folder = localFolder(source, cwd)
  if (folder !== undefined) return readLayer(folder, source)
  const scratch = await mkdtemp(join(tmpdir(), 'start-convex-auth-layer-'))
  try {
    return await readLayer(await download(source, scratch), source)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function localFolder(source: string, cwd: string): string | undefined {
  if (source.startsWith('file:')) return fileURLToPath(source)
  return /^(?:[./~\\]|[A-Za-z]:[\\/])/.test(source)
    ? resolve(cwd, source)
    : undefined
}

async function download(source: string, scratch: string): Promise<string> {
  const { downloadTemplate } = await import('giget')
  try {
    const { dir } = await downloadTemplate(source, {
      dir: join(scratch, 'layer'),
      registry: false,
      install: false,
      silent: true,
    })
    return dir
  } catch (cause) {
    throw fetchError(source, cause)
  }
}

function fetchError(source: string, cause: unknown): CliError {
  const reasons = chain(cause).map((error) => error.message)
  const status = /\b([45]\d\d)\b/.exec(reasons.join(' '))?.[1]
  if (status === '404') {
    return new CliError(`There is no layer at ${source} (404).`, {
      fix: 'Check owner, repository, folder and ref: gh:owner/repo/folder#ref',
      cause,
    })
  }
  return new CliError(
    `Could not fetch the layer ${source}: ${reasons.at(-1) ?? 'unknown reason'}.`,
    { fix: 'Check the network, or name a local folder: --layer ./folder', cause },
  )
}

function chain(error: unknown): Error[] {
  return error instanceof Error ? [error, ...chain(error.cause)] : []
}
