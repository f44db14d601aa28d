import { describe, expect, test } from 'vitest'
import { mergeIgnore, mergeReadme, textMerges } from '../../../src/plan/formats.ts'

test('.gitignore: new lines follow, known ones are not repeated', () => {
  expect(mergeIgnore('node_modules/\n\n# Built\ndist/\n', 'dist/\n.cache/\nnode_modules/\n')).toBe(
    'node_modules/\n\n# Built\ndist/\n\n.cache/\n',
  )
  expect(mergeIgnore('a\n', 'a\n\n')).toBe('a\n')
  expect(mergeIgnore('a\n', '# B\nb\n\n\n# C\na\nc\n')).toBe('a\n\n# B\nb\n\n# C\nc\n')
})

test('.env.example: the later text follows after a blank line', () => {
  expect(textMerges['.env.example']?.('A=\n\n', '\nB=\n', 'mine')).toBe('A=\n\nB=\n')
})

describe('README.md', () => {
  const base =
    '# App\n\nIntro.\n\n## Start\n\nRun it.\n\n## Environment\n\nOne.\n\n## End\n\nBye.\n'

  test('a section joins the one with its heading, or stands before the last', () => {
    const added = '# App\n\n## Environment\n\n### More\n\nTwo.\n\n## New\n\nHere.\n'
    expect(mergeReadme(base, added, 'two')).toBe(
      '# App\n\nIntro.\n\n## Start\n\nRun it.\n\n## Environment\n\nOne.\n\n### More\n\nTwo.\n\n## New\n\nHere.\n\n## End\n\nBye.\n',
    )
  })

  test('a heading inside of a fenced block is none', () => {
    const added = '## Start\n\n```sh\n## not a heading\nrun\n```\n'
    expect(mergeReadme('# App\n\n## Start\n\nA\n\n## B\n\nb\n', added, 'two')).toBe(
      '# App\n\n## Start\n\nA\n\n```sh\n## not a heading\nrun\n```\n\n## B\n\nb\n',
    )
  })

  test('text before the first section would be lost: an error', () => {
    expect(() => mergeReadme(base, '# App\n\nHello.\n\n## A\n', 'two')).toThrow(
      'README.md of layer "two" has text before its first "## " heading.',
    )
    expect(mergeReadme(base, '\n', 'two')).toBe(base)
  })
})
