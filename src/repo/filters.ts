import type { MergeInput } from './merge.ts'
import type { MergedProject } from './merge-project.ts'
import { checkedOut, partsOfZ } from './git.ts'
import type { ObjectStore } from './objects.ts'
import { isSameFile } from './template-changes.ts'
import type { Stages } from './three-way.ts'
import type { Entries, Entry, WorkTree } from './work-tree.ts'

/**
 * The project's files with the contents that the template's are compared with: where they go
 * through a program of the user's on their way into git, such as git-crypt, those of the work tree.
 */
export async function readableFiles(
  { files, prefix }: WorkTree,
  objects: ObjectStore,
  { before, after }: MergeInput,
): Promise<Entries> {
  const plain = [...before.keys(), ...after.keys()].filter(
    (path) =>
      files.get(path)?.mode.startsWith('100') && !isSameFile(before.get(path), after.get(path)),
  )
  const filtered = await filteredPaths(objects, prefix, [...new Set(plain)])
  const readable = new Map(files)
  for (const path of filtered) {
    const entry = files.get(path) as Entry
    const content = await checkedOut(objects.git, prefix + path, entry.oid)
    const [oid = ''] = await objects.writeBlobs([content])
    readable.set(path, { ...entry, oid })
  }
  return readable
}

/**
 * Gives the merged files the contents that git keeps of them.
 *
 * @param readable - what the files were before the merge
 */
export async function storeFiltered(
  { files: stored, prefix }: WorkTree,
  objects: ObjectStore,
  { files, conflicts }: Pick<MergedProject, 'files' | 'conflicts'>,
  readable: Entries,
): Promise<void> {
  const changed = [...files.keys()].filter(
    (path) => conflicts.has(path) || stored.get(path)?.oid !== files.get(path)?.oid,
  )
  const filtered = await filteredPaths(objects, prefix, changed)
  for (const path of filtered) {
    const store = async ({ mode, oid }: Entry): Promise<Entry> => {
      const own = readable.get(path)?.oid === oid ? stored.get(path) : undefined
      return { mode, oid: own?.oid ?? (await cleaned(objects, prefix + path, oid)) }
    }
    files.set(path, await store(files.get(path) as Entry))
    const stages = Object.entries(conflicts.get(path) ?? {})
    for (const [stage, entry] of stages) {
      conflicts.set(path, { ...conflicts.get(path), [stage]: await store(entry) } as Stages)
    }
  }
}

async function cleaned(objects: ObjectStore, path: string, oid: string): Promise<string> {
  const input = (await objects.readBlobs([oid])).get(oid) ?? ''
  const args = ['hash-object', '-w', `--path=${path}`, '--stdin']
  return String((await objects.git(args, { input })).stdout).trim()
}

async function filteredPaths(
  { git }: ObjectStore,
  prefix: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const input = paths.map((path) => `${prefix}${path}\0`).join('')
  const { stdout } = await git(['check-attr', '-z', '--stdin', 'filter'], { input })
  // PATH, `filter`, VALUE each.
  const parts = partsOfZ(stdout)
  return paths.filter((_, index) => !['unspecified', 'unset'].includes(parts[3 * index + 2] ?? ''))
}
