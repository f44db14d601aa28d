import { expect, test } from 'vitest'
import type { RepoRecord } from '../../../src/repo/record.ts'
import { selectAll, selectRecorded, withNewNames } from '../../../src/update/selection.ts'
import { layerOf } from '../layers/support.ts'

const record = (...layers: RepoRecord['layers']): RepoRecord => ({
  generator: { name: 'create-start-convex-auth', version: '1.0.0' },
  options: { name: 'app', packageManager: 'npm', port: 3000 },
  layers: [{ name: 'base', choices: ['npm'] }, ...layers],
})

const choice = { title: 'One' }
const builtin = async () => [
  await layerOf('base', { 'layer.json': { choices: { npm: choice } } }),
  await layerOf('social', { 'layer.json': { choices: { github: choice, google: choice } } }),
]

const nowhere = () => Promise.reject(new Error('nothing is fetched here'))

test('what this version has of a record is taken, and the rest is named', async () => {
  const wanted = record(
    { name: 'social', choices: ['github', 'discord'] },
    { name: 'tailwind', choices: [] },
  )
  const { layers, dropped } = await selectRecorded(wanted, await builtin(), nowhere)
  expect(layers.map(({ layer, choices }) => [layer.name, choices])).toEqual([
    ['base', ['npm']],
    ['social', ['github']],
  ])
  expect(dropped).toEqual(['discord', 'tailwind'])
  await expect(selectAll(wanted, await builtin(), nowhere)).rejects.toThrow('discord, tailwind')
})

test('choices of ours get the names that they have by now, which are told', () => {
  const origin = { source: '../mine', digest: 'sha256-0' }
  const old = record(
    { name: 'social', choices: ['gh', 'google'] },
    { name: 'mine', choices: ['gh'], origin },
  )
  const { renamed, names } = withNewNames(
    old,
    new Map([
      ['gh', 'github'],
      ['x', 'y'],
    ]),
  )
  expect(renamed.layers.map(({ choices }) => choices)).toEqual([
    ['npm'],
    ['github', 'google'],
    ['gh'],
  ])
  expect(names).toEqual([['gh', 'github']])
})

test('a layer of which no choice is left goes with them', async () => {
  const wanted = record({ name: 'social', choices: ['discord'] })
  const { layers } = await selectRecorded(wanted, await builtin(), nowhere)
  expect(layers.map(({ layer }) => layer.name)).toEqual(['base'])
})

test("somebody else's layer is fetched from where it was", async () => {
  const origin = { source: 'gh:owner/mine', commit: '0'.repeat(40), digest: 'sha256-0' }
  const mine = await layerOf('mine')
  const asked: unknown[] = []
  const { layers } = await selectRecorded(
    record({ name: 'mine', choices: [], origin }),
    await builtin(),
    (from) => {
      asked.push(from)
      return Promise.resolve(mine)
    },
  )
  expect(layers.at(-1)?.layer).toBe(mine)
  expect(asked).toEqual([origin])
})
