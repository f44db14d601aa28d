import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GitRunner } from './git.ts'
import { withScratch } from '../scratch.ts'
import type { Entries, WorkTree } from './work-tree.ts'

/** Git's objects for a merge. */
export interface ObjectStore {
  /** Git that finds them, and what makes another one do so. */
  readonly git: GitRunner
  readonly env: Readonly<Record<string, string>>
  /** Writes contents; answers their names, in order. */
  readonly writeBlobs: (contents: readonly (string | Uint8Array)[]) => Promise<readonly string[]>
  readonly readBlobs: (oids: Iterable<string>) => Promise<ReadonlyMap<string, Buffer>>
  /** Paths are of the project; in the tree they are of the repository. */
  readonly writeTree: (entries: Entries) => Promise<string>
  /** A commit that no branch shows. */
  readonly writeCommit: (tree: string, parents: readonly string[]) => Promise<string>
  /** The path of an index that is nobody's, with these entries. */
  readonly temporaryIndex: (entries: Entries) => Promise<string>
}

/**
 * Opens git's objects for a merge, and cleans up behind it.
 *
 * @param keep - new objects go into the repository, where git tidies them up once
 *   nothing refers to them; else they are gone afterwards
 */
export async function withObjects<T>(
  tree: WorkTree,
  keep: boolean,
  use: (objects: ObjectStore) => Promise<T>,
): Promise<T> {
  return withScratch(async (folder) => {
    const env = keep ? {} : await separateObjects(tree, folder)
    const git: GitRunner = (args, options = {}) =>
      tree.git(args, { ...options, env: { ...env, ...options.env } })
    return use(storeIn(folder, { git, env }, tree))
  })
}

async function separateObjects(
  { git }: WorkTree,
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await git(['rev-parse', '--path-format=absolute', '--git-path', 'objects'])
  const present = String(stdout).trim()
  const objects = join(folder, 'objects')
  mkdirSync(objects)
  return { GIT_OBJECT_DIRECTORY: objects, GIT_ALTERNATE_OBJECT_DIRECTORIES: quotePath(present) }
}

/** The separator of a list is no part of a path that is quoted. */
const quotePath = (path: string) =>
  /[:;"]/.test(path) && process.platform !== 'win32' ? JSON.stringify(path) : path

function storeIn(
  folder: string,
  { git, env }: Pick<ObjectStore, 'git' | 'env'>,
  { prefix }: WorkTree,
): ObjectStore {
  let count = 0
  const temporaryIndex = async (entries: Entries) => {
    const index = join(folder, `index-${count++}`)
    const input = indexLines(entries, prefix)
    await git(['update-index', '-z', '--index-info'], { input, env: { GIT_INDEX_FILE: index } })
    return index
  }
  return {
    git,
    env,
    temporaryIndex,
    writeBlobs: (contents) => writeBlobs(git, contents, join(folder, `blobs-${count++}`)),
    readBlobs: (oids) => readBlobs(git, [...new Set(oids)]),
    writeTree: async (entries) => {
      const index = await temporaryIndex(entries)
      return oidOf(await git(['write-tree'], { env: { GIT_INDEX_FILE: index } }))
    },
    writeCommit: async (tree, parents) =>
      oidOf(
        await git(['commit-tree', '--no-gpg-sign', ...parents.flatMap((p) => ['-p', p]), tree], {
          input: '',
          env: NOBODY,
        }),
      ),
  }
}

const oidOf = ({ stdout }: { stdout: Buffer }) => String(stdout).trim()

/** Who makes the commits that nobody sees. */
const NOBODY = {
  GIT_AUTHOR_NAME: 'nobody',
  GIT_AUTHOR_EMAIL: 'nobody@localhost',
  GIT_AUTHOR_DATE: '@0 +0000',
  GIT_COMMITTER_NAME: 'nobody',
  GIT_COMMITTER_EMAIL: 'nobody@localhost',
  GIT_COMMITTER_DATE: '@0 +0000',
}

/** What `update-index --index-info` reads. */
export const indexLines = (entries: Entries, prefix: string): string =>
  [...entries].map(([path, { mode, oid }]) => `${mode} ${oid}\t${prefix}${path}\0`).join('')

async function writeBlobs(
  git: GitRunner,
  contents: readonly (string | Uint8Array)[],
  folder: string,
): Promise<readonly string[]> {
  if (contents.length === 0) return []
  mkdirSync(folder)
  const files = contents.map((content, index) => {
    const file = join(folder, String(index))
    writeFileSync(file, content)
    return file
  })
  const input = `${files.join('\n')}\n`
  const { stdout } = await git(['hash-object', '-w', '--no-filters', '--stdin-paths'], { input })
  return String(stdout).trim().split('\n')
}

async function readBlobs(git: GitRunner, oids: readonly string[]): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>()
  if (oids.length === 0) return contents
  const { stdout } = await git(['cat-file', '--batch'], { input: `${oids.join('\n')}\n` })
  for (let at = 0; at < stdout.length;) {
    const end = stdout.indexOf('\n', at)
    const [oid = '', , size = ''] = String(stdout.subarray(at, end)).split(' ')
    at = end + 1 + Number(size)
    contents.set(oid, stdout.subarray(end + 1, at))
    at += 1
  }
  return contents
}
