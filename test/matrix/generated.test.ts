import { expect, test } from 'vitest'
import { checkCombination, combinations } from '../../scripts/lib/plans.ts'
import {
  compare,
  describeStale,
  generate,
  generatedFiles,
  readBase,
} from '../../scripts/lib/generated.ts'

test('template-base holds what the Convex CLI and TanStack’s generator write', async () => {
  const { files, env } = await readBase()
  const everything = { convex: true, routeTree: true }
  const written = await generate(files, env, everything)
  const stale = compare(generatedFiles(files), written)
  expect(stale.map(describeStale).join('\n\n')).toBe('')
  expect([...written.keys()].sort()).toEqual([
    'convex/_generated/api.d.ts',
    'convex/_generated/api.js',
    'convex/_generated/dataModel.d.ts',
    'convex/_generated/server.d.ts',
    'convex/_generated/server.js',
    'src/routeTree.gen.ts',
  ])
})

test.each(combinations)(
  'the plan of $name holds what the tools write for that repository',
  async (combination) => {
    const stale = await checkCombination(combination)
    expect(stale.map(describeStale).join('\n\n')).toBe('')
  },
)

test('a difference is described by its first line', () => {
  const [stale] = compare(
    new Map([['a.ts', 'one\ntwo\nthree']]),
    new Map([['a.ts', 'one\n2\nthree']]),
  )
  expect(stale && describeStale(stale)).toBe(
    [
      'a.ts, line 2 (- is what is there, + is what the tool writes)',
      '  one',
      '- two',
      '- three',
      '+ 2',
      '+ three',
    ].join('\n'),
  )
})

test('a missing file and one too many are stale', () => {
  const stale = compare(new Map([['old.ts', '']]), new Map([['new.ts', '']]))
  expect(stale.map(describeStale)).toEqual(['new.ts is missing', 'old.ts is written by no tool'])
})
