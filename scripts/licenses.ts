import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { OutputChunk } from 'rolldown'

/** The licences of the packages whose code is in a bundle, each paragraph once. */
export function licenseTexts(
  root: string,
  chunks: readonly Pick<OutputChunk, 'modules'>[],
): string {
  const users = new Map<string, string[]>()
  for (const name of bundledPackages(chunks)) {
    const text = licenseOf(join(root, 'node_modules', name))
    users.set(text, [...(users.get(text) ?? []), name])
  }
  const seen = new Map<string, string>()
  return [...users]
    .map(([text, names]) => `${names.join(', ')}\n\n${withoutRepeats(text, names, seen)}`)
    .join(`\n\n${'-'.repeat(72)}\n\n`)
    .concat('\n')
}

/** A text whose long paragraphs, where an earlier one holds them, are named instead. */
function withoutRepeats(
  text: string,
  [name = '']: readonly string[],
  seen: Map<string, string>,
): string {
  const shown = text.split(/\n\s*\n/).map((paragraph) => {
    const words = paragraph.trim().replaceAll(/\s+/g, ' ')
    const owner = seen.get(words)
    if (owner === undefined) seen.set(words, name)
    return owner === undefined || words.length < 100
      ? paragraph
      : `"${words.slice(0, 40)} ...", in full under ${owner}`
  })
  return shown.join('\n\n')
}

function bundledPackages(chunks: readonly Pick<OutputChunk, 'modules'>[]): string[] {
  const ids = chunks.flatMap(({ modules }) =>
    Object.entries(modules)
      .filter(([, { renderedLength }]) => renderedLength > 0)
      .map(([id]) => id.replaceAll('\\', '/')),
  )
  const names = ids.flatMap((id) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? [])
  return [...new Set(names)].sort()
}

function licenseOf(folder: string): string {
  const texts = readdirSync(folder)
    .filter((name) => /licen[cs]e/i.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').trim())
  if (texts.length === 0) throw new Error(`No licence in ${folder}`)
  return texts.join('\n\n')
}
