import { CliError, nearestFirst } from '../errors.ts'
import type { SlotLines } from '../layers/layer.ts'

/** Lines for one slot, and the layer.json that they come from. */
export interface Fill {
  readonly layer: string
  /** The layer and the line of its layer.json, for messages. */
  readonly place: string
  readonly file: string
  readonly slot: string
  readonly lines: SlotLines
}

// A line that is nothing but a comment, in any syntax that templates use.
const MARKER =
  /^([ \t]*)(?:\/\/|#|\/\*|\{\/\*|<!--)[ \t]*@slot(.*?)[ \t]*(?:\*\/\}|\*\/|-->)?[ \t]*$/
const NAME = /^[ \t]+([a-z][a-zA-Z0-9-]*)$/

/**
 * Puts each fill where its slot is, indented like the slot; a slot that nobody
 * fills vanishes with its line.
 *
 * @throws {CliError} on a malformed or repeated slot, or a fill for a slot that
 *   the file doesn't have
 */
export function fillSlots(path: string, text: string, fills: readonly Fill[]): string {
  if (fills.length === 0 && !text.includes('@slot')) return text
  const lines = text.split('\n')
  const slots = findSlots(path, lines)
  for (const { place, file, slot } of fills) {
    const names = slots.map(({ name }) => name)
    if (names.includes(slot)) continue
    const known = nearestFirst(slot, names).join(', ')
    throw new CliError(`${place} fills slot "${slot}" of ${file}, which has no such slot.`, {
      fix: known === '' ? `${file} has no slots at all.` : `The slots of ${file} are: ${known}.`,
    })
  }
  for (const { name, indent, index } of slots.toReversed()) {
    const own = fills.filter((fill) => fill.slot === name)
    const added = own.flatMap((fill) => fill.lines)
    const filled = added.map((line) => indent + line)
    lines.splice(index, 1, ...(filled.length > 0 ? filled : [GAP]))
  }
  return closeGaps(lines)
}

/** Stands where a slot vanished; no line of a file holds a line break. */
const GAP = '\n'

interface Slot {
  readonly name: string
  readonly indent: string
  readonly index: number
}

function findSlots(path: string, lines: readonly string[]): Slot[] {
  const slots: Slot[] = []
  lines.forEach((line, index) => {
    const match = line.includes('@slot') ? MARKER.exec(line) : null
    if (!match) return
    const [, indent = '', rest = ''] = match
    const where = `${path}, line ${index + 1}`
    const name = NAME.exec(rest)?.[1]
    if (name === undefined) {
      throw new CliError(`${where}: "@slot${rest}" is no slot: it needs one name.`, {
        fix: `Write it as "@slot name", alone in its comment.`,
      })
    }
    if (slots.some((slot) => slot.name === name)) {
      throw new CliError(`${where}: slot "${name}" is declared twice.`, {
        fix: 'Give each slot of a file a name of its own.',
      })
    }
    slots.push({ name, indent, index })
  })
  return slots
}

const OPENS = /[[{(>]\s*$/
const CLOSES = /^\s*(?:[\]})]|<\/)/

/**
 * Joins the lines. Where a slot vanished, the blank lines around it become what
 * prettier would leave: one at most, and none behind an opening bracket or
 * before a closing one.
 */
function closeGaps(lines: readonly string[]): string {
  if (!lines.includes(GAP)) return lines.join('\n')
  const result: string[] = []
  let afterGap = false
  for (const line of lines) {
    if (line === GAP) {
      afterGap = true
      continue
    }
    if (afterGap) {
      const previous = result.at(-1)
      const blankBefore = previous?.trim() === ''
      if (line.trim() === '') {
        if (previous === undefined || blankBefore || OPENS.test(previous)) continue
      } else {
        if (blankBefore && CLOSES.test(line)) result.pop()
        afterGap = false
      }
    }
    result.push(line)
  }
  return result.join('\n')
}
