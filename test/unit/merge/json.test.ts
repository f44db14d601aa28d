import { describe, expect, test } from 'vitest'
import { mergeJsonTexts } from '../../../src/merge/json.ts'
import { mergeStructured } from '../../../src/merge/structured.ts'

const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
const base = {
  name: 'app',
  scripts: { dev: 'vite' },
  dependencies: { beta: '1.0.0', zod: '1.0.0' },
}
const deps = (dependencies: object) => ({ ...base, dependencies })

describe('the own text stays, and what the template changes comes in', () => {
  test('dependencies by the alphabet, own ones between', () => {
    const ours = text(deps({ alpha: '1.0.0', beta: '1.0.0', zod: '1.0.0' }))
    const theirs = text(deps({ beta: '2.0.0', gamma: '1.0.0', zod: '1.0.0' }))
    expect(mergeJsonTexts(text(base), ours, theirs)).toEqual({
      result: text(deps({ alpha: '1.0.0', beta: '2.0.0', gamma: '1.0.0', zod: '1.0.0' })),
      notes: [],
    })
  })

  test('comments, tabs, another order and CRLF', () => {
    const before = '{\n  "a": 1,\n  "b": 1\n}\n'
    const ours = '{\r\n\t// mine\r\n\t"b": 1,\r\n\t"a": 1,\r\n}\r\n'
    const theirs = '{\n  "a": 2,\n  "b": 1\n}\n'
    expect(mergeJsonTexts(before, ours, theirs)?.result).toBe(ours.replace('"a": 1', '"a": 2'))
  })

  test('an order and comments where the template changes something beside them', () => {
    const ours = `{
  "scripts": { "dev": "vite" },
  "dependencies": {
    // the newest that works
    "zod": "1.0.0",
    "beta": "1.0.0"
  },
  "name": "app"
}
`
    const theirs = text(deps({ beta: '2.0.0', zod: '1.0.0' }))
    expect(mergeJsonTexts(text(base), ours, theirs)?.result).toBe(
      ours.replace('"beta": "1', '"beta": "2'),
    )
  })

  test('what is dropped goes', () => {
    const theirs = text({ name: 'app', scripts: {}, dependencies: base.dependencies })
    const ours = text({ ...base, mine: true })
    const result = mergeJsonTexts(text(base), ours, theirs)?.result
    expect(JSON.parse(String(result))).toEqual({ ...JSON.parse(theirs), mine: true })
  })

  test('lists of values', () => {
    const list = (...files: string[]) => text({ files })
    const merged = mergeJsonTexts(list('a', 'b'), list('mine', 'a', 'b'), list('b', 'c'))
    expect(JSON.parse(String(merged?.result))).toEqual({ files: ['mine', 'b', 'c'] })
  })
})

test('a key that the user took out stays out, and that is said', () => {
  const ours = text(deps({ beta: '1.0.0' }))
  const theirs = text(deps({ beta: '1.0.0', zod: '2.0.0' }))
  expect(mergeJsonTexts(text(base), ours, theirs)).toEqual({
    result: ours,
    notes: ['dependencies.zod stays out, as you have it.'],
  })
})

test('what is all on one line stays there', () => {
  const theirs = deps({ alpha: '1.0.0', beta: '1.0.0' })
  const result = String(mergeJsonTexts(text(base), JSON.stringify(base), text(theirs))?.result)
  expect(result).not.toContain('\n')
  expect(JSON.parse(result)).toEqual(theirs)
})

test('comments in a list that the template changes are left to git', () => {
  const list = (...files: string[]) => text({ files })
  const ours = list('a', 'b').replace('"b"', '// "mine" later, see http://x\n    "b"')
  expect(mergeJsonTexts(list('a', 'b'), ours, list('a', 'b', 'c'))).toBeUndefined()
  expect(mergeJsonTexts(list('a', 'b'), list('// a', 'a', 'b'), list('b'))?.result).toBe(
    list('// a', 'b'),
  )
})

describe('a dependency that the user moved to another group', () => {
  const moved = (zod: string) => ({
    ...deps({ beta: '1.0.0' }),
    devDependencies: { mine: '1.0.0', zod },
  })
  const merged = (from: object, ours: object, to: object) =>
    mergeStructured('package.json', text(from), text(ours), text(to))

  test('gets its new version there', () => {
    const theirs = deps({ beta: '1.0.0', zod: '2.0.0' })
    expect(merged(base, moved('1.0.0'), theirs)).toEqual({
      result: text(moved('2.0.0')),
      notes: [],
    })
  })

  test('goes from there', () => {
    const ours = text({ ...deps({ beta: '1.0.0' }), devDependencies: { mine: '1.0.0' } })
    expect(merged(base, moved('1.0.0'), deps({ beta: '1.0.0' }))?.result).toBe(ours)
  })

  test('is in conflict there, and comes twice neither', () => {
    const before = deps({ beta: '1.0.0' })
    expect(merged(before, moved('1.0.0'), base)).toMatchObject({ result: text(moved('1.0.0')) })
    expect(merged(before, moved('3.0.0'), base)?.result).toMatchObject({
      ours: text(moved('3.0.0')),
      theirs: text(moved('1.0.0')),
    })
  })
})

test('a byte order mark stays', () => {
  const theirs = text({ ...base, name: 'new' })
  const { result } =
    mergeStructured('tsconfig.json', text(base), `\uFEFF${text(base)}`, theirs) ?? {}
  expect(result).toBe(`\uFEFF${theirs}`)
})

test('a key that is there twice is left to git: which of them counts is nothing to guess', () => {
  const ours = text(base).replace('"dependencies"', '"dependencies": { "old": "1.0.0" },\n  $&')
  expect(mergeJsonTexts(text(base), ours, text(deps({ beta: '2.0.0' })))).toBeUndefined()
})

test('a value that the user changed stays where the template drops it, and that is said', () => {
  const ours = text(deps({ beta: '1.0.0', zod: '1.5.0' }))
  const theirs = text(deps({ beta: '1.0.0' }))
  expect(mergeJsonTexts(text(base), ours, theirs)).toEqual({
    result: ours,
    notes: ['dependencies.zod stays as you have it.'],
  })
})

test('one value that both changed is a conflict in its line alone', () => {
  const ours = text({ ...deps({ beta: '1.0.0', zod: '1.5.0' }), mine: 1 })
  const theirs = text(deps({ beta: '2.0.0', zod: '2.0.0' }))
  const side = (zod: string) => text({ ...deps({ beta: '2.0.0', zod }), mine: 1 })
  expect(mergeJsonTexts(text(base), ours, theirs)?.result).toEqual({
    base: side('1.0.0'),
    ours: side('1.5.0'),
    theirs: side('2.0.0'),
  })
})

test.each(['{', '[]', 'null', ''])('%j is left to git', (ours) => {
  expect(mergeJsonTexts(text(base), ours, text({}))).toBeUndefined()
})
