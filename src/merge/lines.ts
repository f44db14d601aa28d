import { diffIndices } from 'node-diff3'
import type { TextMerge3 } from './types.ts'

/**
 * Merges a list of lines, such as `.gitignore`, where a line stands for itself:
 * the lines that the template adds come in behind those of the user at their
 * place, and the ones that it drops go.
 *
 * @returns nothing when the template changes a line that the user has changed
 */
export function mergeLineList(base: string, ours: string, theirs: string): TextMerge3 | undefined {
  const eol = ours.includes('\r\n') ? '\r\n' : '\n'
  const own = ours.match(/[^\n]*\n|[^\n]+$/g) ?? []
  const [before, mine, after] = [base, ours, theirs].map(linesOf) as [string[], string[], string[]]
  const places = commonPlaces(before, mine)
  const gone = new Set<number>()
  const added = new Map<number, string[]>()
  for (const hunk of diffIndices(before, after)) {
    const [start, count] = hunk.buffer1
    const olds = Array.from({ length: count }, (_, index) => places.get(start + index))
    if (olds.includes(undefined) && hunk.buffer2Content.length > 0) return undefined
    for (const place of olds) if (place !== undefined) gone.add(place)
    const news = hunk.buffer2Content.filter((line) => line.trim() === '' || !mine.includes(line))
    const place = nextPlace(places, start + count, before.length) ?? mine.length
    added.set(place, [...(added.get(place) ?? []), ...news])
  }
  const merged = [...own, undefined].flatMap((line, index) => [
    ...(added.get(index) ?? []).map((text) => text + eol),
    ...(line === undefined || gone.has(index) ? [] : [line]),
  ])
  const ended = merged.map((line, index) =>
    line.endsWith('\n') || index === merged.length - 1 ? line : line + eol,
  )
  return { result: ended.join(''), notes: [] }
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** Index of a line of the first list → index of the same line in the second. */
function commonPlaces(first: string[], second: string[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>()
  let [left, right] = [0, 0]
  const end = { buffer1: [first.length, 0], buffer2: [second.length, 0] } as const
  for (const { buffer1, buffer2 } of [...diffIndices(first, second), end]) {
    while (left < buffer1[0]) places.set(left++, right++)
    left = buffer1[0] + buffer1[1]
    right = buffer2[0] + buffer2[1]
  }
  return places
}

/** Where the next line that both have is in the user's list. */
function nextPlace(
  places: ReadonlyMap<number, number>,
  from: number,
  end: number,
): number | undefined {
  for (let index = from; index < end; index++) {
    const place = places.get(index)
    if (place !== undefined) return place
  }
  return undefined
}
