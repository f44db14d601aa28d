import { format } from 'prettier'
import { expect, test } from 'vitest'
import type { JsonObject } from '../../../src/layers/layer.ts'
import { printJson, printPackageJson } from '../../../src/plan/formats.ts'

const x = (length: number) => 'x'.repeat(length)

const samples: readonly JsonObject[] = [
  { a: [], b: {}, c: 'ü "\\n', d: null, e: [{}], f: [[], {}] },
  { a: ['x'], b: { c: ['x', 'y', { d: 1 }] } },
  { a: [{ b: 1, c: ['d'] }, { b: 2 }], e: [{ f: 1 }] },
  {
    a: [
      [1, 2],
      [3, 4],
    ],
    b: [[1]],
    c: [['x', 'y']],
    d: [[1], [2]],
  },
  { a: ['[', '"]', '],', '\n'] },
  { a: [null, true, -1.5] },
  ...[70, 71, 72].flatMap((length) => [
    { a: [x(length)] },
    { a: [x(length)], b: 1 },
    { a: { b: [x(length - 2)] } },
    { a: [[x(length - 4)], 'y'] },
  ]),
]

test.each(samples)('%j is printed as prettier prints it', async (value) => {
  const json = `${printJson(value)}\n`
  expect(json).toBe(await format(json, { filepath: 'a.json' }))
  expect(JSON.parse(json)).toEqual(value)
  const packageJson = `${printPackageJson(value)}\n`
  expect(packageJson).toBe(await format(packageJson, { filepath: 'package.json' }))
})
