import { createHash } from 'node:crypto'
import { format } from 'prettier'
import { expect, test } from 'vitest'
import { makePlan } from '../../../src/plan/plan.ts'
import { addRecord, parseRecord, RECORD_PATH } from '../../../src/repo/record.ts'
import { input, select, textOf } from '../plan/support.ts'

async function recorded() {
  const layers = [
    await select('base', {
      'a.ts': 'a',
      '.env.convex': '',
      '.env.convex.hbs': '{{secret}}',
    }),
    await select(
      'social',
      {
        'layer.json': { choices: { one: { title: '' }, two: { title: '' } } },
        'b.ts': '',
      },
      ['one', 'two'],
    ),
  ]
  const plan = makePlan(layers, input)
  return { layers, plan, full: addRecord(plan, layers, input) }
}

test('records what the plan was made from, and a hash of every file', async () => {
  const { layers, full } = await recorded()
  const sha256 = (text: string) => `sha256-${createHash('sha256').update(text).digest('hex')}`
  expect(parseRecord(textOf(full, RECORD_PATH))).toEqual({
    schemaVersion: 1,
    generator: { name: 'create-start-convex-auth', version: '1.2.3' },
    options: { name: 'my-app', packageManager: 'npm', port: 4000 },
    layers: [
      {
        name: 'base',
        source: 'builtin',
        digest: layers[0]?.layer.digest,
        choices: [],
      },
      {
        name: 'social',
        source: 'builtin',
        digest: layers[1]?.layer.digest,
        choices: ['one', 'two'],
      },
    ],
    files: { 'a.ts': sha256('a'), 'b.ts': sha256('') },
  })
})

test('is one more file of the plan, in its place, and holds no secret', async () => {
  const { plan, full } = await recorded()
  expect([...full.keys()]).toEqual([...plan.keys(), RECORD_PATH].sort())
  expect(plan.has(RECORD_PATH)).toBe(false)
  const text = textOf(full, RECORD_PATH)
  expect(text).not.toContain(input.secret)
  expect(text).not.toContain('.env.convex')
  expect(text).toBe(await format(text, { filepath: RECORD_PATH }))
})

test.each(['', '{', 'null', '[]', '{"schemaVersion": 1}', '{"schemaVersion": "1"}'])(
  'a damaged record is an error with the way back: %j',
  (text) => {
    expect(() => parseRecord(text)).toThrow(
      expect.objectContaining({
        message: `${RECORD_PATH} is damaged.`,
        fix: expect.stringContaining(`git checkout -- ${RECORD_PATH}`),
      }),
    )
  },
)

test('a record from a newer generator names its version', () => {
  const text = '{"schemaVersion": 2, "generator": {"version": "9.0.0"}, "x": 1}'
  expect(() => parseRecord(text)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('newer create-start-convex-auth (9.0.0)'),
      fix: 'npx create-start-convex-auth@latest',
    }),
  )
})
