import { mergeIgnore } from './text.ts'
import type { Plan } from './types.ts'

type Join = (present: string, planned: string) => string

/** What a repository often has from its first day, and how the app's text follows in it. */
const JOINS: Readonly<Record<string, Join>> = {
  'README.md': (present, planned) =>
    `${present.trimEnd()}\n\n${planned.replace(/^# [^\n]*\n+/, '')}`,
  '.gitignore': mergeIgnore,
  '.gitattributes': mergeIgnore,
}

/** The files that may be there, in a repository that was just cloned. */
export const joinedPaths: readonly string[] = Object.keys(JOINS)

/**
 * The plan for a folder that has some of its files: what is in them stays, to the letter,
 * and the planned text follows.
 *
 * @param present - path → what is there, of `joinedPaths`
 */
export function joinPresent(plan: Plan, present: ReadonlyMap<string, string>): Plan {
  const joined = new Map(plan)
  for (const [path, text] of present) {
    const file = plan.get(path)
    const join = JOINS[path]
    if (!file || !join) continue
    const start = text.trimEnd()
    const added = join(start, String(file.content)).slice(start.length)
    const lineEnds = text.includes('\r\n') ? added.replaceAll('\n', '\r\n') : added
    if (added === '') joined.set(path, { ...file, content: text, present: text })
    else
      joined.set(path, {
        ...file,
        content: start === '' ? added.trimStart() : start + lineEnds,
        present: text,
      })
  }
  return joined
}
