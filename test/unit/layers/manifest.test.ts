import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { currentSchema, layerSchema } from '../../../scripts/schema.ts'
import { CliError } from '../../../src/errors.ts'
import type { Json } from '../../../src/layers/layer.ts'
import { parseManifest } from '../../../src/layers/schema.ts'
import { matches, type Schema } from './json-schema.ts'

const where = { layer: 'mine', file: 'layer.json' }
const minimal = { name: 'mine', title: 'Mine', description: 'A layer' }

const parse = (manifest: object) => parseManifest(JSON.stringify(manifest, null, 2), where)

function errorOf(text: string): CliError {
  try {
    parseManifest(text, where)
  } catch (error) {
    if (error instanceof CliError) return error
    throw error
  }
  throw new Error('It was taken')
}

test('takes comments and trailing commas, and leaves $schema out', () => {
  const text = `{
    // what it is
    "$schema": "../layer.schema.json",
    "name": "mine", /* short */
    "title": "Mine",
    "description": "A layer",
  }`
  expect(parseManifest(text, where)).toEqual(minimal)
})

test('keeps everything that a layer can say', () => {
  const manifest = {
    ...minimal,
    replaces: ['src/a.css'],
    removes: ['src/b.css'],
    ignore: ['tsconfig.json'],
    slots: { 'src/a.ts': { imports: ['import b', 'import c'], use: 'b()' } },
    merge: { 'package.json': { scripts: { a: 'b' } } },
    env: [{ name: 'A_1', description: 'A', from: 'secret', optional: true }],
    components: { resend: '@convex-dev/resend' },
    oauthApp: { url: 'https://example.com/apps', callback: '/api/callback' },
    choices: { one: { title: 'One', files: ['src/one.ts'], env: [] } },
  }
  expect(parse(manifest)).toEqual(manifest)
})

test('names layer, file and line of what it refuses', () => {
  const text = `{
  "name": "mine",
  "title": "Mine",
  "description": "A layer",
  "choices": {
    "one": {
      "title": "One",
      "slotz": {}
    }
  }
}`
  expect(errorOf(text).message).toBe(
    'layer.json of layer "mine", line 8: "choices.one.slotz" is not a known field.',
  )
  expect(errorOf('{\n  "name": "mine"\n  "title": "Mine"\n}').message).toBe(
    'layer.json of layer "mine", line 3: comma expected.',
  )
  expect(errorOf('').message).toContain('line 1: value expected')
  expect(errorOf('{\n\n  "name": "mine" }').message).toBe(
    'layer.json of layer "mine", line 1: "title" is missing.',
  )
  expect(errorOf('"mine"').message).toContain('line 1: "the file" is "')
})

const valid: readonly object[] = [
  minimal,
  { ...minimal, $schema: 'x' },
  { ...minimal, env: [{ name: 'A', description: '', from: 'siteUrl' }] },
  {
    ...minimal,
    slots: { '.env.hbs': { a: 'b' }, 'a..b/c': { d: ['e', 'f'] } },
  },
  { ...minimal, choices: { 'a-1': { title: 'A', merge: { 'a.json': {} } } } },
]

/** A manifest that is wrong → what the message says. */
const invalid: readonly (readonly [object, RegExp])[] = [
  [{ ...minimal, name: 'Mine' }, /"name" is not a name in lower case/],
  [{ ...minimal, name: '1mine' }, /"name" is not a name/],
  [{ title: 'x', description: 'x' }, /"name" is missing/],
  [{ ...minimal, title: 1 }, /"title" is 1, expected string/],
  [{ ...minimal, slot: {} }, /"slot" is not a known field/],
  [{ ...minimal, replaces: [] }, /"replaces" is empty: leave it out/],
  [{ ...minimal, replaces: 'a' }, /"replaces" is "a", expected Array/],
  [{ ...minimal, replaces: ['../a'] }, /"replaces.0" is not a path inside/],
  [{ ...minimal, replaces: ['/a'] }, /not a path inside/],
  [{ ...minimal, removes: [] }, /"removes" is empty: leave it out/],
  [{ ...minimal, removes: ['a', '../b'] }, /"removes.1" is not a path inside/],
  [{ ...minimal, ignore: ['a\\b'] }, /not a path inside/],
  [{ ...minimal, ignore: ['a//b'] }, /not a path inside/],
  [{ ...minimal, ignore: ['./a'] }, /not a path inside/],
  [{ ...minimal, ignore: ['a/'] }, /not a path inside/],
  [{ ...minimal, merge: { 'a/../b': {} } }, /not a path inside/],
  [{ ...minimal, merge: { 'a.json': [] } }, /is not a JSON object/],
  [{ ...minimal, slots: { a: { b: 'c\nd' } } }, /"slots.a.b" has a line break/],
  [{ ...minimal, slots: { a: { b: ['c', 'd\r'] } } }, /has a line break/],
  [{ ...minimal, slots: { a: { b: ' ' } } }, /is an empty line/],
  [{ ...minimal, slots: { a: { b: 1 } } }, /"slots.a.b" is 1, expected/],
  [{ ...minimal, slots: { a: 'b' } }, /"slots.a" is "b", expected Object/],
  [{ ...minimal, env: [{ name: 'A-B', description: '' }] }, /"env.0.name" is not a variable/],
  [{ ...minimal, env: [{ name: 'A' }] }, /"env.0.description" is missing/],
  [{ ...minimal, env: [{ name: 'A', description: '', from: 'x' }] }, /"env.0.from" is "x"/],
  [
    { ...minimal, components: { resend: '../resend' } },
    /"components.resend" is not the name of a package/,
  ],
  [{ ...minimal, components: { 're-send': 'resend' } }, /is not the name of a component/],
  [
    { ...minimal, oauthApp: { url: 'http://a.example', callback: '/a' } },
    /"oauthApp.url" is not an https address/,
  ],
  [
    { ...minimal, oauthApp: { url: 'https://a.example', callback: '//a' } },
    /"oauthApp.callback" is not a path of the site/,
  ],
  [{ ...minimal, choices: { one: {} } }, /"choices.one.title" is missing/],
  [{ ...minimal, choices: { One: { title: '' } } }, /is not a name in lower case/],
  [{ ...minimal, choices: { a: { title: '', ignore: ['a'] } } }, /not a known field/],
  [{ ...minimal, choices: { a: { title: '', removes: ['a'] } } }, /not a known field/],
]

test.each(invalid)('refuses %j', (manifest, message) => {
  expect(() => parse(manifest)).toThrow(message)
})

test('layer.schema.json is what `npm run schema` writes', async () => {
  expect(currentSchema()).toBe(await layerSchema())
})

describe('layer.schema.json, for editors, decides alike', () => {
  const root = join(import.meta.dirname, '../../..')
  const schema = JSON.parse(readFileSync(join(root, 'layer.schema.json'), 'utf8')) as Schema

  test.each(valid)('takes %j', (manifest) => {
    expect(() => parse(manifest)).not.toThrow()
    expect(matches(schema, manifest as Json)).toBe(true)
  })

  test.each(invalid)('refuses %j', (manifest) => {
    expect(matches(schema, manifest as Json)).toBe(false)
  })
})
