import { expect, test } from 'vitest'
import { releasesBetween, renamesOver } from '../../../src/update/releases.ts'

const release = (version: string) => ({ version, steps: [], files: {}, choices: {} })

test('the releases after one version up to another, the oldest first', () => {
  const all = ['1.10.0', '1.9.0', '1.2.0', '1.2.0-beta.1', '1.1.0'].map(release)
  const between = releasesBetween(all, '1.1.0', '1.9.0')
  expect(between.map(({ version }) => version)).toEqual(['1.2.0-beta.1', '1.2.0', '1.9.0'])
  expect(releasesBetween(all, '1.10.0', '1.10.0')).toEqual([])
})

test('a name that changed twice has its last one', () => {
  const renames = renamesOver([
    { 'a.ts': 'b.ts', 'x.ts': 'y.ts' },
    { 'b.ts': 'c.ts' },
    { 'n.ts': 'a.ts' },
  ])
  expect([...renames]).toEqual([
    ['a.ts', 'c.ts'],
    ['x.ts', 'y.ts'],
    ['b.ts', 'c.ts'],
    ['n.ts', 'a.ts'],
  ])
})
