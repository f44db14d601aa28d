import { describe, expect, test } from 'vitest'
import { joinPresent } from '../../../src/plan/formats.ts'
import { planOf } from '../repo/support.ts'

const plan = planOf({
  'README.md': '# shop\n\nAn app.\n\n## Start\n\nRun it.\n',
  '.gitattributes': '* text=auto eol=lf\n',
  '.gitignore': 'node_modules/\n\n# Secrets\n!.env\n.env.local\n',
  'src/main.ts': 'main()\n',
})

const joined = (path: string, text: string) =>
  joinPresent(plan, new Map([[path, text]])).get(path)?.content

describe('what is there stays to the letter, and ours is joined to it', () => {
  test.each([
    // Later lines win: what they say of some files has to stay behind what we say of all.
    ['.gitattributes', '*.bat eol=crlf\n', '* text=auto eol=lf\n*.bat eol=crlf\n'],
    [
      '.gitattributes',
      '# All\n* text=auto\n* eol=crlf\n\n*.psd -text\n',
      '# All\n* text=auto\n* eol=crlf\n* text=auto eol=lf\n\n*.psd -text\n',
    ],
    ['.gitattributes', '* text=auto', '* text=auto\n* text=auto eol=lf'],
    ['.gitattributes', '*.a -text\r\n', '* text=auto eol=lf\r\n*.a -text\r\n'],
    ['.gitattributes', '\ufeff*.a -text\n', '\ufeff* text=auto eol=lf\n*.a -text\n'],
    ['.gitattributes', '*.a -text\n* text=auto eol=lf', '*.a -text\n* text=auto eol=lf'],
    [
      'README.md',
      '# Our shop\n\nBy us.\n',
      '# Our shop\n\nBy us.\n\nAn app.\n\n## Start\n\nRun it.\n',
    ],
    ['README.md', '# Ours\r\n', '# Ours\r\n\r\nAn app.\r\n\r\n## Start\r\n\r\nRun it.\r\n'],
    ['README.md', '\n', '# shop\n\nAn app.\n\n## Start\n\nRun it.\n'],
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
    ['.env.example', 'A=1\n'],
    ['src/main.ts', 'theirs()\n'],
  ])
  const result = joinPresent(plan, present)
  expect([...result.keys()]).toEqual([...plan.keys()])
  expect(result.get('src/main.ts')).toBe(plan.get('src/main.ts'))
})
