import { CliError } from '../errors.ts'

/** `.gitignore`: the lines of both, each once; new ones follow after a blank line. */
export function mergeIgnore(present: string, added: string): string {
  const known = new Set(present.split('\n').map((line) => line.trim()))
  const news = added.split('\n').filter((line) => line.trim() === '' || !known.has(line.trim()))
  const text = news
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
  return text === '' ? present : `${present.trimEnd()}\n\n${text}\n`
}

/** `.env.example`: the later text after a blank line. */
export const mergeEnvExample = (present: string, added: string): string =>
  `${present.trimEnd()}\n\n${added.trim()}\n`

/**
 * `README.md`: a `## section` of the later text goes to the end of the section
 * with that heading, or, where there is none, to the end of the file.
 *
 * @throws {CliError} when there is text before the first section that would be lost
 */
export function mergeReadme(present: string, added: string, layer: string): string {
  const { intro, sections } = splitSections(added)
  if (!/^(?:# [^\n]*)?$/.test(intro.trim())) {
    throw new CliError(`README.md of layer "${layer}" has text before its first "## " heading.`, {
      fix: 'Move it into a section: only sections are merged.',
    })
  }
  const result = splitSections(present)
  for (const section of sections) {
    const same = result.sections.find((s) => s.heading === section.heading)
    if (same) same.body = `${same.body.trimEnd()}\n\n${section.body.trim()}`
    else result.sections.push(section)
  }
  const parts = [
    result.intro.trim(),
    ...result.sections.map((s) => `${s.heading}\n\n${s.body.trim()}`),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

interface Section {
  readonly heading: string
  body: string
}

/** Splits at `## ` headings, but not at a `## ` inside a fenced block. */
function splitSections(text: string): { intro: string; sections: Section[] } {
  let intro = ''
  let fenced = false
  const sections: Section[] = []
  for (const line of text.split('\n')) {
    if (/^(?:```|~~~)/.test(line)) fenced = !fenced
    const section = sections.at(-1)
    if (!fenced && line.startsWith('## ')) {
      sections.push({ heading: line.trim(), body: '' })
    } else if (section) section.body += `${line}\n`
    else intro += `${line}\n`
  }
  return { intro, sections }
}
