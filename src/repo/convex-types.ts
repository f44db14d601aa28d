import { CliError } from '../errors.ts'
import {
  API_TYPES,
  convexModules,
  declaredVariables,
  mergeApiTypes,
  mergeComponents,
  mergeServerTypes,
  SERVER_TYPES,
} from '../plan/convex-generated.ts'
import type { DeclaredVariable } from '../plan/convex-generated.ts'
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
  const ours = String((await objects.readBlobs([oid])).get(oid)).replaceAll('\r\n', '\n')
  const old = String(before.get(path)?.content)
  if (path === SERVER_TYPES) return mergeServerTypes(text, mergedVariables(old, ours, text))
  const withComponents = mergeComponents(text, mergedComponents(old, ours, text))
  // What is not in this form has settings of the user's behind it: only the CLI knows those.
  if (oid !== '') mergeApiTypes(ours, [])
  return mergeApiTypes(withComponents, await modulesOf(merged, objects))
}

/** Components as they become: name → package. */
const mergedComponents = (...texts: [old: string, ours: string, now: string]) =>
  mergeNamed(texts.map(componentsOf), API_TYPES)

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

/** Variables as they become. */
function mergedVariables(...texts: [old: string, ours: string, now: string]): DeclaredVariable[] {
  const typesOf = (text: string) =>
    Object.fromEntries(declaredVariables(text).map(({ name, type }) => [name, type]))
  const types = Object.entries(mergeNamed(texts.map(typesOf), SERVER_TYPES))
  return types.flatMap(([name, type]) => (type === undefined ? [] : [{ name, type }]))
}

type Named = Readonly<Record<string, string | undefined>>

/**
 * What the template has now under each name, and where the user has changed that, what they have.
 *
 * @param sides - what the template had, what the user has, what the template has
 * @throws CliError where nothing of the user's can be read
 */
function mergeNamed([old = {}, ours = {}, now = {}]: readonly Named[], path: string): Named {
  if (Object.keys(ours).length === 0 && Object.keys(old).length > 0) {
    throw new CliError(`${path} is not in the form that the Convex CLI writes.`)
  }
  const merged = Object.keys({ ...now, ...ours }).map((name) => {
    const isNew = old[name] === undefined
    const isOurs = isNew ? now[name] === undefined : ours[name] !== old[name]
    return [name, isOurs ? ours[name] : now[name]] as const
  })
  return Object.fromEntries(merged)
}
