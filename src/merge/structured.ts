import { mergeJsonTexts } from './json.ts'
import { mergeLineList } from './lines.ts'
import { inOwnGroups } from './manifest.ts'
import type { TextMerge3 } from './types.ts'

const lists = ['.gitignore', '.env.example', '.gitattributes']

/**
 * Merges a file whose format says more than its lines: JSON by its values, lists
 * line by line.
 *
 * @param base - what the file was generated as
 * @param ours - what the user has
 * @param theirs - what it would be generated as now
 * @returns nothing when it is no such file, or this way doesn't lead to an end
 */
export function mergeStructured(
  path: string,
  base: string,
  ours: string,
  theirs: string,
): TextMerge3 | undefined {
  // An editor's byte order mark is no part of the first line.
  const mark = ours.startsWith('\uFEFF') ? '\uFEFF' : ''
  const merged = mergeByFormat(path, base, ours.slice(mark.length), theirs)
  if (!merged) return undefined
  const { result, notes } = merged
  const marked = (text: string) => mark + text
  return {
    notes,
    result:
      typeof result === 'string'
        ? marked(result)
        : { base: marked(result.base), ours: marked(result.ours), theirs: marked(result.theirs) },
  }
}

function mergeByFormat(path: string, base: string, ours: string, theirs: string) {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (name === 'package.json') return mergeJsonTexts(base, ours, theirs, inOwnGroups)
  if (name.endsWith('.json')) return mergeJsonTexts(base, ours, theirs)
  return lists.includes(name) ? mergeLineList(base, ours, theirs) : undefined
}
