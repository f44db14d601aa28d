import type { Release } from '../../src/update/releases.ts'

const HEADING = 'Moving a project'
const RENAMED = /^(File|Choice) `([^`]+)` is now `([^`]+)`\.$/

/**
 * Reads what moving a project to each version asks for: the list under
 * `### Moving a project` of a version in CHANGELOG.md. A point is a step for
 * people, in Markdown, or the one sentence of a rename.
 *
 * @param text - of CHANGELOG.md
 * @param version - of the package, which `## Unreleased` becomes
 * @throws Error where a section holds anything but a list, or a rename that isn't in its form
 */
export function releasesOf(text: string, version: string): Release[] {
  return sectionsOf(text, 2).flatMap(({ title, body }) => {
    const [moving] = sectionsOf(body, 3).filter((section) => section.title === HEADING)
    if (moving === undefined) return []
    const release = title === 'Unreleased' ? version : title.replace(/ .*/, '')
    return [releaseOf(release, pointsOf(moving.body, title))]
  })
}

interface Section {
  readonly title: string
  readonly body: string
}

function sectionsOf(text: string, level: number): Section[] {
  return text
    .split(new RegExp(`^${'#'.repeat(level)} `, 'm'))
    .slice(1)
    .map((section) => {
      const [title = '', ...lines] = section.split('\n')
      return { title: title.trim(), body: lines.join('\n') }
    })
}

/** The points of a list, lines that belong to one with it. */
function pointsOf(body: string, version: string): string[] {
  const text = body.trim()
  if (!text.startsWith('- ')) {
    throw new Error(`"${HEADING}" of ${version} in CHANGELOG.md is no list: ${text.split('\n')[0]}`)
  }
  return text
    .slice(2)
    .split(/\n+- /)
    .map((point) => point.replaceAll(/\n {2}/g, '\n').trim())
}

function releaseOf(version: string, points: readonly string[]): Release {
  const renames = points.flatMap((point) => {
    const [, what, old = '', now = ''] = RENAMED.exec(point) ?? []
    if (what === undefined && /^(?:File|Choice) `/.test(point)) {
      throw new Error(`CHANGELOG.md: "${point}" should read "File \`old\` is now \`new\`."`)
    }
    return what === undefined ? [] : [{ what, old, now }]
  })
  const named = (wanted: string) =>
    Object.fromEntries(
      renames.filter(({ what }) => what === wanted).map(({ old, now }) => [old, now]),
    )
  return {
    version,
    steps: points.filter((point) => !RENAMED.test(point)),
    files: named('File'),
    choices: named('Choice'),
  }
}
