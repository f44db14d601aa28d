import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { releasesOf } from '../../../scripts/lib/changelog.ts'

const changelog = (points: string) => `# Changelog

## Unreleased

### Moving a project

${points}

## 1.1.0 (2026-11-26)

- Something.

## 1.0.0

### Moving a project

- Set \`X\`.

### Other

- No step.
`

test('reads steps and renames of each version, which an unreleased one has of the package', () => {
  const points = `- **Data.** Run this:

  \`\`\`sh
  npx convex run migrations:all
  \`\`\`

- File \`src/a.ts\` is now \`src/b.ts\`.
- Choice \`github\` is now \`gh\`.
- A step
  of two lines.`
  expect(releasesOf(changelog(points), '1.2.0')).toEqual([
    {
      version: '1.2.0',
      steps: [
        '**Data.** Run this:\n\n```sh\nnpx convex run migrations:all\n```',
        'A step\nof two lines.',
      ],
      files: { 'src/a.ts': 'src/b.ts' },
      choices: { github: 'gh' },
    },
    { version: '1.0.0', steps: ['Set `X`.'], files: {}, choices: {} },
  ])
})

test.each([
  ['Nothing to do.', 'is no list: Nothing to do.'],
  ['- File `a.ts` moved to `b.ts`.', 'should read'],
])('refuses %j, so that the build fails', (points, message) => {
  expect(() => releasesOf(changelog(points), '1.2.0')).toThrow(message)
})

test('our own changelog is in that form', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../CHANGELOG.md'), 'utf8')
  expect(() => releasesOf(text, '0.1.0')).not.toThrow()
})
