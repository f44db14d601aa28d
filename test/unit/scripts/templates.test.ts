import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { templateSource } from '../../../scripts/templates.ts'
import { compileTemplate } from '../../../src/layers/template.ts'
import { each, need, text, truthy } from '../../../src/layers/prose.ts'
import { readLayer } from '../../../src/layers/read.ts'
import { templateData } from '../../../src/plan/data.ts'

const root = join(import.meta.dirname, '../../..')
const where = { layer: 'test', path: 'test.md.hbs' }

/** The compiled function, with what the build imports for it. */
function compiled(source: string): (data: object) => string {
  const make = new Function(
    'each',
    'need',
    'text',
    'truthy',
    `return ${templateSource(source, where.path)}`,
  )
  return make(each, need, text, truthy)
}

const data = {
  name: 'shop',
  zero: 0,
  none: null,
  yes: true,
  quotes: '<a href="x">\u2028`${y}`</a>',
  deep: { er: 'd' },
  empty: [],
  list: [{ name: 'a' }, { name: 'b' }],
  words: ['x', 'y'],
}

describe('a compiled template gives what handlebars gives', () => {
  test.each([
    'plain \\ `${text}` "quoted"\n',
    '{{name}} {{zero}} {{yes}} [{{none}}] {{deep.er}}',
    '{{quotes}} {{{quotes}}}',
    '{{! nothing }}{{!-- at all --}}x',
    '{{#if yes}}1{{else}}2{{/if}}{{#if zero}}3{{else}}4{{/if}}{{#if empty}}5{{/if}}{{#if none}}6{{/if}}',
    '{{#each list}}{{name}} of {{@root.name}}{{#if @index}}, {{/if}}{{/each}}',
    '{{#each words}}{{this}};{{/each}}',
    '{{#each empty}}x{{else}}nothing{{/each}}',
    'a\n{{#each list}}\n  - {{name}}\n{{/each}}\nb\n',
    'a {{~#if yes~}} b {{~/if~}} c',
  ])('%j', async (source) => {
    const render = await compileTemplate(source, where)
    expect(compiled(source)(data)).toBe(render(data))
  })

  test('for every file of ours, with every choice', async () => {
    const layers = await Promise.all(
      ['base', 'tailwind', 'social'].map((name) => readLayer(join(root, `template-${name}`))),
    )
    for (const packageManager of ['npm', 'pnpm', 'yarn', 'bun'] as const) {
      for (const social of [['github'], ['github', 'google']]) {
        const choices = [[packageManager], [], social]
        const input = templateData(
          layers.map((layer, index) => ({
            layer,
            choices: choices[index] ?? [],
          })),
          {
            name: 'shop',
            port: 4000,
            packageManager,
            secret: 'ab'.repeat(32),
            generatorVersion: '1.2.3',
          },
        )
        for (const [path, { content, render }] of layers.flatMap((layer) => [...layer.files])) {
          if (!render) continue
          expect(compiled(String(content))(input), path).toBe(render(input))
        }
      }
    }
  })
})

test.each([
  '{{nmae}}',
  '{{deep.re}}',
  '{{name.length}}',
  '{{constructor}}',
  '{{#if nmae}}x{{/if}}',
  '{{#each lits}}x{{/each}}',
  '{{#each list}}{{zero}}{{/each}}',
])('a name that is not there is an error: %s', (source) => {
  expect(() => compiled(source)(data)).toThrow(/not defined/)
})

test.each([
  '{{log name}}',
  '{{#with deep}}x{{/with}}',
  '{{> partial}}',
  '{{../name}}',
  '{{@key}}',
  '{{#each list as |item|}}x{{/each}}',
])('the build refuses what it does not know: %s', (source) => {
  expect(() => templateSource(source, 'a.hbs')).toThrow(/^a\.hbs, line 1: .* can't compile/)
})
