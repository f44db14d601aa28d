import { describe, expect, test } from 'vitest'
import { joinPresent } from '../../../src/plan/present.ts'
import { planOf } from '../repo/support.ts'

const plan = planOf({
  'README.md': '# shop\n\nAn app.\n\n## Start\n\nRun it.\n',
  '.gitignore': 'node_modules/\n\n# Secrets\n!.env\n.env.local\n',
  'src/main.ts': 'main()\n',
})

const joined = (path: string, text: string) =>
  joinPresent(plan, new Map([[path, text]])).get(path)?.content

describe('what is there stays to the letter, and ours follows', () => {
  test.each([
    [
      'README.md',
      '# Our shop\n\nBy us.\n',
      '# Our shop\n\nBy us.\n\nAn app.\n\n## Start\n\nRun it.\n',
    ],
    ['README.md', '# Ours\r\n', '# Ours\r\n\r\nAn app.\r\n\r\n## Start\r\n\r\nRun it.\r\n'],
    ['README.md', '', 'An app.\n\n## Start\n\nRun it.\n'],
    [
      '.gitignore',
      '.env*\nnode_modules/\n',
      '.env*\nnode_modules/\n\n# Secrets\n!.env\n.env.local\n',
    ],
    [
      '.gitignore',
      'x\nnode_modules/\n# Secrets\n!.env\n.env.local',
      'x\nnode_modules/\n# Secrets\n!.env\n.env.local',
    ],
  ])('%s: %j', (path, present, content) => {
    expect(joined(path, present)).toBe(content)
  })
})

test('every other file is the plan’s own, and none is added', () => {
  const present = new Map([
    ['README.md', 'Ours\n'],
    ['.gitattributes', '* text=auto\n'],
    ['src/main.ts', 'theirs()\n'],
  ])
  const result = joinPresent(plan, present)
  expect([...result.keys()]).toEqual([...plan.keys()])
  expect(result.get('src/main.ts')).toBe(plan.get('src/main.ts'))
})
