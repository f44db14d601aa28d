import { format } from 'prettier'
import { describe, expect, test } from 'vitest'
import { fillSlots, type Fill } from '../../../src/plan/slots.ts'

const fill = (slot: string, ...lines: string[]): Fill => ({
  layer: 'two',
  place: 'Layer "two" (layer.json)',
  file: 'a.ts',
  slot,
  lines,
})

test.each([
  '// @slot x',
  '//@slot x',
  '# @slot x',
  '/* @slot x */',
  '{/* @slot x */}',
  '<!-- @slot x -->',
])('%s is filled, indented like it', (marker) => {
  const text = `a\n    ${marker}\nb\n`
  expect(fillSlots('a', text, [fill('x', 'one', 'two')])).toBe('a\n    one\n    two\nb\n')
  expect(fillSlots('a', text, [])).toBe('a\nb\n')
})

test('$ in a line is no pattern', () => {
  expect(fillSlots('a', '// @slot x\n', [fill('x', "$& $1 `${a}` $'")])).toBe("$& $1 `${a}` $'\n")
})

test('a comment with other words, and code before one, is no slot', () => {
  const text = '// the slot @slot x\nf() // @slot y\n'
  expect(fillSlots('a', text, [])).toBe(text)
})

describe('a slot that vanishes leaves what prettier would', () => {
  test.each([
    ['between blank lines', 'a()\n\n// @slot x\n\nb()\n', 'a()\n\nb()\n'],
    ['two of them', 'a()\n\n// @slot x\n// @slot y\n\nb()\n', 'a()\n\nb()\n'],
    ['two with a blank line between', 'a()\n\n// @slot x\n\n// @slot y\n\nb()\n', 'a()\n\nb()\n'],
    ['at the start', '// @slot x\n\na()\n', 'a()\n'],
    ['at the end', 'a()\n\n// @slot x\n', 'a()\n'],
    ['behind an import', 'import a from "a"\n// @slot x\n\na()\n', 'import a from "a"\n\na()\n'],
    ['behind a bracket', 'f({\n  // @slot x\n\n  a: [1],\n})\n', 'f({\n  a: [1],\n})\n'],
    ['before a bracket', 'f({\n  a: [1],\n\n  // @slot x\n})\n', 'f({\n  a: [1],\n})\n'],
    [
      'in JSX',
      'x = (\n  <p>\n    <b />\n\n    {/* @slot x */}\n  </p>\n)\n',
      'x = (\n  <p>\n    <b />\n  </p>\n)\n',
    ],
  ])('%s', async (_, text, expected) => {
    const filled = fillSlots('a.tsx', text, [])
    expect(filled).toBe(expected)
    const options = { semi: false, singleQuote: filled.includes("'") }
    expect(await format(filled, { ...options, parser: 'babel' })).toBe(filled)
  })

  test('blank lines elsewhere stay as they are', () => {
    const text = 'a\n\n\nb {\n\n  c\n\n}\n// @slot x\n'
    expect(fillSlots('a', text, [])).toBe('a\n\n\nb {\n\n  c\n\n}\n')
  })
})

test.each([
  '// @slot',
  '// @slot two words',
  '/* @slot */',
  '# @slots x',
  '// @slot: x',
  '// @slot X!',
])('%s is an error with file and line', (marker) => {
  expect(() => fillSlots('src/a.ts', `a\n${marker}\n`, [])).toThrow(
    /^src\/a\.ts, line 2: "@slot.*" is no slot: it needs one name\.$/,
  )
})

test('a slot that is declared twice is an error', () => {
  expect(() => fillSlots('a.ts', '// @slot x\n\n# @slot x\n', [])).toThrow(
    'a.ts, line 3: slot "x" is declared twice.',
  )
})

test('a file without slots says so', () => {
  expect(() => fillSlots('a.ts', 'a\n', [fill('x', 'y')])).toThrow(
    expect.objectContaining({
      message: 'Layer "two" (layer.json) fills slot "x" of a.ts, which has no such slot.',
      fix: 'a.ts has no slots at all.',
    }),
  )
})
