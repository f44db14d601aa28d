import { hash } from 'node:crypto'
import { readFile, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { CliError } from '../errors.ts'
import type { Layer, LayerFile, Manifest } from './layer.ts'
import { compileTemplate } from './template.ts'
import { lineOf, parseManifest } from './manifest.ts'
import { outputPath, requireSafePath } from './paths.ts'

const MANIFEST = 'layer.json'

// What a layer's folder holds while someone works in it, and nobody else wants.
const NEVER = new Set([
  '.git',
  'node_modules',
  '.output',
  '.nitro',
  '.tanstack',
  '.vinxi',
  '.convex',
  'dist',
  'coverage',
  '.DS_Store',
  '.env.local',
  '.env.convex',
])

/**
 * Reads a layer from a folder.
 *
 * @param directory - the folder that holds `layer.json`
 * @param source - what the user typed to get it
 * @throws {CliError} when there is no layer, its manifest is wrong, names files that
 *   aren't there or removes the layer's own, a symbolic link or a path that not every
 *   system can have is in it, or a template doesn't parse
 */
export async function readLayer(directory: string, source = 'builtin'): Promise<Layer> {
  const manifestText = await readManifestText(directory, source)
  const label = source === 'builtin' ? basename(directory) : source
  const manifest = parseManifest(manifestText, { layer: label, file: MANIFEST })
  const lines = (path: readonly (string | number)[]) => lineOf(manifestText, path)
  const paths = await filesBelow(directory, '', label)
  const ignored = new Set([MANIFEST, ...(manifest.ignore ?? [])])
  const brought = paths.filter((path) => !ignored.has(path))
  requireOthersFiles(manifest, brought, lines)
  requireNamedFiles(manifest, paths, lines)
  const files = new Map<string, LayerFile>()
  for (const path of brought) {
    requireSafePath(outputPath(path), manifest.name)
    files.set(path, await readLayerFile(directory, path, manifest.name))
  }
  const digest = digestOf(manifest, files)
  const { name } = manifest
  return { name, source, digest, manifest, files, lineOf: lines }
}

async function readManifestText(directory: string, source: string): Promise<string> {
  try {
    const text = await readFile(join(directory, MANIFEST), 'utf8')
    return text.replace(/^\uFEFF/, '')
  } catch (cause) {
    const isFolder = await stat(directory).then(
      (stats) => stats.isDirectory(),
      () => false,
    )
    const problem = isFolder ? `has no ${MANIFEST}` : 'is no folder'
    throw new CliError(`${source} is not a layer: it ${problem}.`, {
      fix: 'Name the folder that holds layer.json.',
      cause,
    })
  }
}

/** Every file below the folder: relative, with `/`, sorted. */
async function filesBelow(directory: string, prefix: string, layer: string): Promise<string[]> {
  const entries = await readdir(join(directory, prefix), {
    withFileTypes: true,
  })
  const paths: string[] = []
  for (const entry of entries) {
    const path = prefix + entry.name
    if (NEVER.has(entry.name) || entry.name.endsWith('.tsbuildinfo')) continue
    if (entry.isDirectory()) {
      paths.push(...(await filesBelow(directory, `${path}/`, layer)))
    } else if (entry.isFile()) paths.push(path)
    else {
      throw new CliError(
        `Layer "${layer}" has ${path}, which is not a plain file (a symbolic link?).`,
        { fix: 'A layer holds files and folders only: put a copy there.' },
      )
    }
  }
  return paths.toSorted(byName)
}

const byName = (a: string, b: string) => (a < b ? -1 : 1)

/** What a layer removes, it neither replaces nor brings. */
function requireOthersFiles(
  { name, removes = [], replaces = [] }: Manifest,
  brought: readonly string[],
  lines: NonNullable<Layer['lineOf']>,
): void {
  for (const [index, path] of removes.entries()) {
    const place = `Layer "${name}" (${MANIFEST}, line ${lines(['removes', index])})`
    const fault = `${place} names ${path} under "removes"`
    if (replaces.includes(path)) {
      throw new CliError(`${fault} and under "replaces".`, { fix: 'Take it out of one of them.' })
    }
    const own = brought.find((source) => outputPath(source) === path)
    if (own === undefined) continue
    throw new CliError(`${fault}, and brings ${own} itself.`, {
      fix: 'Name it under "replaces" instead, or delete the file.',
    })
  }
}

/** Every file that the manifest names must be there. */
function requireNamedFiles(
  manifest: Manifest,
  paths: readonly string[],
  lines: NonNullable<Layer['lineOf']>,
): void {
  const { name, replaces = [], ignore = [], choices = {} } = manifest
  const outputs = paths.map(outputPath)
  const require = (
    field: readonly string[],
    named: readonly string[],
    known: readonly string[],
  ) => {
    const index = named.findIndex((path) => !known.includes(path))
    if (index < 0) return
    throw new CliError(
      `Layer "${name}" (${MANIFEST}, line ${lines([...field, index])}) names ${named[index]} under "${field.join('.')}", and has no such file.`,
      { fix: 'Correct the path, or add the file.' },
    )
  }
  require(['replaces'], replaces, outputs)
  require(['ignore'], ignore, paths)
  for (const [choice, { files = [] }] of Object.entries(choices)) {
    require(['choices', choice, 'files'], files, paths)
  }
}

async function readLayerFile(directory: string, path: string, layer: string): Promise<LayerFile> {
  const absolute = join(directory, path)
  const [bytes, { mode }] = await Promise.all([readFile(absolute), stat(absolute)])
  // Windows has no such bit; git does not set it there either.
  const executable = process.platform !== 'win32' && (mode & 0o100) !== 0
  const content = decode(bytes)
  if (!path.endsWith('.hbs')) return { content, executable }
  if (typeof content !== 'string') {
    throw new CliError(`${path} of layer "${layer}" is not text.`)
  }
  const render = await compileTemplate(content, { layer, path })
  return { content, executable, render }
}

/** Text with LF line ends (git on Windows may have made them CRLF), or the bytes. */
function decode(bytes: Uint8Array): string | Uint8Array {
  if (bytes.includes(0)) return new Uint8Array(bytes)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.replaceAll('\r\n', '\n')
  } catch {
    return new Uint8Array(bytes)
  }
}

/** The same on every platform for the same layer. */
function digestOf(manifest: Manifest, files: ReadonlyMap<string, LayerFile>): string {
  const parts = [...files].map(([path, { content, executable }]) => [
    path,
    executable,
    hash('sha256', content),
  ])
  return `sha256-${hash('sha256', JSON.stringify([manifest, parts]))}`
}
