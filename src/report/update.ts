import type { NextStep } from './next-steps.ts'

const CODE = /```\w*\n([^]*?)\n```/g

/** A point of the changelog's "Moving a project", for a terminal: its words, and the commands in it. */
export function movingStep(markdown: string): NextStep {
  const commands = [...markdown.matchAll(CODE)].flatMap(([, code = '']) => code.split('\n'))
  return { title: wordsOf(markdown), commands }
}

/** The same as a sentence, its commands on lines of their own. */
export function movingNote(markdown: string): string {
  const { title, commands } = movingStep(markdown)
  return [`To do by hand: ${title}`, ...commands].join('\n')
}

const wordsOf = (markdown: string): string =>
  markdown
    .replaceAll(CODE, '')
    .replaceAll(/\*\*(.+?)\*\*/g, '$1')
    .replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, '$1 ($2)')
    .replaceAll(/\s+/g, ' ')
    .trim()
