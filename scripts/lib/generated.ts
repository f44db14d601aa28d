import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  generateConvex,
  generateRouteTree,
  isGenerated,
  ROUTE_TREE,
  type Files,
} from './regenerate.ts'

export const baseDir = join(import.meta.dirname, '../../template-base')

/** A generated file that isn't what its tool writes. */
export interface Stale {
  readonly path: string
  /** What is there; undefined when it is missing. */
  readonly actual: string | undefined
  /** What the tool writes; undefined when it writes no such file. */
  readonly expected: string | undefined
}

/** Everything that the tools write for an app: path → content. */
export async function generate(
  files: Files,
  env: readonly string[],
  what: { convex: boolean; routeTree: boolean },
): Promise<Map<string, string>> {
  const generated = what.convex ? await generateConvex(files, env) : new Map<string, string>()
  if (what.routeTree) {
    generated.set(ROUTE_TREE, await generateRouteTree(files))
  }
  return generated
}

/** Names the files of `actual` that differ from what the tools wrote. */
export function compare(
  actual: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
): Stale[] {
  const paths = new Set([...actual.keys(), ...expected.keys()])
  return [...paths]
    .sort()
    .map((path) => ({
      path,
      actual: actual.get(path),
      expected: expected.get(path),
    }))
    .filter((file) => file.actual !== file.expected)
}

/** The files of template-base, and the names of the variables it requires. */
export async function readBase(): Promise<{ files: Files; env: string[] }> {
  const files = new Map<string, string>()
  for (const path of await listBase()) {
    files.set(path, await readFile(join(baseDir, path), 'utf8'))
  }
  const { env } = JSON.parse(await readFile(join(baseDir, 'layer.json'), 'utf8')) as {
    env: { name: string; optional?: boolean }[]
  }
  return { files, env: required(env) }
}

async function listBase(): Promise<string[]> {
  const inFolders = ['convex', 'src'].map(async (folder) => {
    const entries = await readdir(join(baseDir, folder), {
      recursive: true,
      withFileTypes: true,
    })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => path.slice(baseDir.length + 1).replaceAll('\\', '/'))
  })
  const config = ['package.json', 'vite.config.ts', 'tsconfig.json']
  return [...(await Promise.all(inFolders)).flat(), ...config]
}

const required = (env: readonly { name: string; optional?: boolean }[]) =>
  env.filter(({ optional }) => optional !== true).map(({ name }) => name)

/** Only the files that tools write, as text. */
export function generatedFiles(files: Files): Map<string, string> {
  const generated = [...files].filter(([path]) => isGenerated(path))
  return new Map(generated.map(([path, content]) => [path, String(content)]))
}

/** Where two texts part, with three lines before and after. */
export function describeStale({ path, actual, expected }: Stale): string {
  if (actual === undefined) return `${path} is missing`
  if (expected === undefined) return `${path} is written by no tool`
  const ours = actual.split('\n')
  const theirs = expected.split('\n')
  const at = ours.findIndex((line, index) => line !== theirs[index])
  const first = at === -1 ? ours.length : at
  const part = (sign: string, lines: string[]) =>
    lines.slice(first, first + 4).map((line) => `${sign} ${line}`)
  return [
    `${path}, line ${first + 1} (- is what is there, + is what the tool writes)`,
    ...ours.slice(Math.max(0, first - 3), first).map((line) => `  ${line}`),
    ...part('-', ours),
    ...part('+', theirs),
  ].join('\n')
}
