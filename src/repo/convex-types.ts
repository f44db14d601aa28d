import { CliError } from '../errors.ts'
import type { EnvVar } from '../layers/layer.ts'
import {
  API_TYPES,
  convexModules,
  declaredVariables,
  mergeApiTypes,
  mergeComponents,
  mergeServerTypes,
  SERVER_TYPES,
} from '../plan/convex-generated.ts'
import type { MergeInput } from './merge.ts'
import type { MergedProject } from './merge-project.ts'
import type { ObjectStore } from './objects.ts'

/**
 * Makes `convex/_generated` again, as the Convex CLI would for the project as it
 * becomes: the user's own modules and variables are in it.
 */
export async function remakeConvexTypes(
  merged: MergedProject,
  objects: ObjectStore,
  { before, after }: MergeInput,
): Promise<void> {
  for (const [path, { content }] of after) {
    const old = before.get(path)
    if (!path.startsWith('convex/_generated/') || String(old?.content) === String(content)) continue
    const ours = merged.files.get(path)
    // Some projects don't have these files in git: what is written there has no way back.
    if (!ours && old) {
      merged.stale.push(path)
      continue
    }
    try {
      const text = await typesFor(path, String(content), merged, objects, before)
      const [oid = ''] = await objects.writeBlobs([text])
      if (oid === ours?.oid) continue
      merged.files.set(path, { mode: '100644', oid })
      merged.report.set(path, { path, kind: ours ? 'updated' : 'added' })
    } catch (error) {
      // Not in the form that the Convex CLI writes.
      if (!(error instanceof CliError)) throw error
      merged.stale.push(path)
    }
  }
}

async function typesFor(
  path: string,
  text: string,
  merged: MergedProject,
  objects: ObjectStore,
  before: MergeInput['before'],
): Promise<string> {
  if (path !== API_TYPES && path !== SERVER_TYPES) return text
  const oid = merged.files.get(path)?.oid ?? ''
  const ours = String((await objects.readBlobs([oid])).get(oid))
  const old = String(before.get(path)?.content)
  if (path === SERVER_TYPES) return mergeServerTypes(text, mergedVariables(old, ours, text))
  const withComponents = mergeComponents(text, ownComponents(old, ours, text))
  return mergeApiTypes(withComponents, await modulesOf(merged, objects))
}

/** Components that the user has put to use: name → package. */
function ownComponents(old: string, ours: string, now: string): Record<string, string> {
  const [before, mine, after] = [old, ours, now].map(componentsOf)
  const own = Object.entries(mine ?? {}).filter(
    ([name]) => before?.[name] === undefined && after?.[name] === undefined,
  )
  return Object.fromEntries(own)
}

const componentsOf = (types: string): Record<string, string> =>
  Object.fromEntries(
    [...types.matchAll(/^ {2}(\w+): import\("(.+)\/_generated\/component\.js"\)/gm)].map(
      ([, name = '', from = '']) => [name, from],
    ),
  )

async function modulesOf({ files }: MergedProject, objects: ObjectStore): Promise<string[]> {
  const modules = [...files].filter(
    ([path, { mode }]) => path.startsWith('convex/') && mode.startsWith('100'),
  )
  const contents = await objects.readBlobs(modules.map(([, { oid }]) => oid))
  return convexModules(
    new Map(modules.map(([path, { oid }]) => [path, contents.get(oid) ?? ''] as const)),
  )
}

/** What the template declares now, and what the user declares beside what it declared. */
function mergedVariables(old: string, ours: string, now: string) {
  const [before, mine, after] = [old, ours, now].map(declaredVariables)
  const isIn = (list: typeof after, { name }: Pick<EnvVar, 'name'>) =>
    list?.some((other) => other.name === name) ?? false
  const own = (mine ?? []).filter((one) => !isIn(before, one) && !isIn(after, one))
  const variables = [...(after ?? []), ...own]
  return variables.map((variable) => ({ ...variable, description: '' }))
}
