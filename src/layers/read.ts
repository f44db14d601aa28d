import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import { readFile, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { CliError } from '../errors.ts'
import type { Layer, LayerFile, Manifest } from './layer.ts'
import { lineOf, parseManifest } from './schema.ts'
import { compileTemplate, outputPath } from './template.ts'

export const MANIFEST = 'layer.json'
/** Far more than any layer has, and little enough to have in memory. */
export const MOST_BYTES = 256 * 1024 * 1024

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
 * @param builtin - the layers whose names it can't have, nor those of their choices
 * @throws {CliError} when there is no layer, its manifest is wrong, has a name of ours, names
 *   files that aren't there or removes the layer's own, a symbolic link or a path that not every
 *   system can have is in it, it is too large, or a template doesn't parse
 */
export async function readLayer(
  directory: string,
  source = 'builtin',
  builtin: readonly Layer[] = [],
): Promise<Layer> {
  const manifestText = await readManifestText(directory, source)
  const label = source === 'builtin' ? basename(directory) : source
  const manifest = parseManifest(manifestText, { layer: label, file: MANIFEST, builtin })
  const { name, ignore = [] } = manifest
  const lines = (path: readonly (string | number)[]) => lineOf(manifestText, path)
  const paths = await filesBelow(directory, '', label)
  const brought = paths.filter((path) => path !== MANIFEST && !ignore.includes(path))
  requireNamedFiles(manifest, paths, lines)
  let bytes = 0
  for (const path of brought) bytes += (await stat(join(directory, path))).size
  if (bytes > MOST_BYTES) {
    const most = `${MOST_BYTES / 1024 / 1024} MB`
    throw new CliError(
      `${source} can't be used as a layer. It holds more than ${most}, and no layer needs that: it was not read.`,
    )
  }
  const files = new Map<string, LayerFile>()
  for (const path of brought) {
    requireSafePath(outputPath(path), name)
    const file = await readLayerFile(join(directory, path))
    const isTemplate = path.endsWith('.hbs')
    const render = isTemplate && (await compileTemplate(file.content, { layer: name, path }))
    files.set(path, { ...file, ...(render && { render }) })
  }
  // The same on every platform for the same layer.
  const parts = [...files].map(([path, { content, executable }]) => [
    path,
    executable,
    hash('sha256', content),
  ])
  const digest = `sha256-${hash('sha256', JSON.stringify([manifest, parts]))}`
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
  return paths.toSorted()
}

type PathRule = readonly [problem: string, broken: RegExp]

const PATH_RULES: readonly PathRule[] = [
  ['is empty', /^$/],
  ['is absolute', /^\/|^[a-z]:/i],
  ['has a backslash', /\\/],
  ['leaves its folder or has an empty part', /(?:^|\/)\.{0,2}(?:\/|$)/],
  ['is inside .git', /^\.git(?:\/|$)/i],
  [
    // https://learn.microsoft.com/windows/win32/fileio/naming-a-file
    'has a name that Windows refuses',
    // oxlint-disable-next-line no-control-regex -- control characters are the point
    /[\0-\x1f<>:"|?*]|[. ](?:\/|$)|(?:^|\/)(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:[./]|$)/i,
  ],
]

/**
 * Refuses a path that would leave the target, reach into `.git`, or can't exist
 * on every system.
 *
 * @throws {CliError}
 */
export function requireSafePath(path: string, layer: string): void {
  const problem = PATH_RULES.find(([, broken]) => broken.test(path))?.[0]
  if (problem === undefined) return
  throw new CliError(
    `Layer "${layer}" has a file that can't be written: ${JSON.stringify(path)} ${problem}.`,
    { fix: 'Rename it in the layer.' },
  )
}

/** Every file that the manifest names is there; what it removes, it neither replaces nor brings. */
function requireNamedFiles(
  manifest: Manifest,
  paths: readonly string[],
  lines: NonNullable<Layer['lineOf']>,
): void {
  const { name, replaces = [], removes = [], ignore = [], choices = {} } = manifest
  const brought = paths.filter((path) => !ignore.includes(path))
  const outputs = paths.map(outputPath)
  const require = (at: readonly string[], named: readonly string[], known: readonly string[]) => {
    const index = named.findIndex((path) => !known.includes(path))
    if (index < 0) return
    throw new CliError(
      `Layer "${name}" (${MANIFEST}, line ${lines([...at, index])}) names ${named[index]} under "${at.join('.')}", and has no such file.`,
      { fix: 'Correct the path, or add the file.' },
    )
  }
  for (const [index, path] of removes.entries()) {
    const fault = `Layer "${name}" (${MANIFEST}, line ${lines(['removes', index])}) names ${path} under "removes"`
    if (replaces.includes(path)) {
      throw new CliError(`${fault} and under "replaces".`, { fix: 'Take it out of one of them.' })
    }
    const own = brought.find((source) => outputPath(source) === path)
    if (own === undefined) continue
    throw new CliError(`${fault}, and brings ${own} itself.`, {
      fix: 'Name it under "replaces" instead, or delete the file.',
    })
  }
  require(['replaces'], replaces, outputs)
  require(['ignore'], ignore, paths)
  for (const [choice, { files = [] }] of Object.entries(choices)) {
    require(['choices', choice, 'files'], files, paths)
  }
}

async function readLayerFile(path: string): Promise<LayerFile> {
  const [bytes, { mode }] = await Promise.all([readFile(path), stat(path)])
  // Windows has no such bit; git does not set it there either.
  const executable = process.platform !== 'win32' && (mode & 0o100) !== 0
  if (!isUtf8(bytes) || bytes.includes(0)) return { content: new Uint8Array(bytes), executable }
  // Git on Windows may have made LF CRLF.
  return { content: new TextDecoder().decode(bytes).replaceAll('\r\n', '\n'), executable }
}
