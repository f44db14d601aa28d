import { expect, test } from 'vitest'
import { compileTemplate } from '../../../src/layers/template.ts'

const data = {
  name: 'app',
  list: [
    { id: 1, optional: false },
    { id: 2, optional: true },
  ],
  features: { tailwind: true },
}

const render = async (text: string) => {
  const where = { layer: 'mine', path: 'README.md.hbs' }
  return (await compileTemplate(text, where))(data)
}

test('fills in data, and escapes nothing', async () => {
  expect(await render('# {{name}} <a & b>\n')).toBe('# app <a & b>\n')
  expect(
    await render('{{#each list}}\n- {{id}}{{#if optional}}?{{/if}} {{@root.name}}\n{{/each}}'),
  ).toBe('- 1 app\n- 2? app\n')
  const html = await compileTemplate('{{x}}', { layer: 'mine', path: 'a.hbs' })
  expect(html({ x: '<&">' })).toBe('<&">')
})

test.each([
  ['a\n{{nam}}', /^README\.md\.hbs of layer "mine", line 2: there is no "nam"\.$/],
  ['{{features.x}}', /line 1: there is no "x"/],
  ['{{#if features.tailwnid}}x{{/if}}', /line 1: there is no "tailwnid"/],
  ['\n\n{{#each lists}}x{{/each}}', /line 3: there is no "lists"/],
  ['{{#if no.x}}x{{/if}}', /line 1: there is no "x"/],
])('a name that is not there is an error: %j', async (text, message) => {
  await expect(render(text)).rejects.toThrow(message)
})

test.each([
  ['a\n{{#if name', /^README\.md\.hbs of layer "mine", line 2: can't be parsed near/],
  ['{{shout name}}', /line 1: there is no helper "shout"/],
  ['{{log name}}', /line 1: there is no helper "log"/],
])('a mistake is found when the template is read: %j', async (text, message) => {
  const where = { layer: 'mine', path: 'README.md.hbs' }
  await expect(compileTemplate(text, where)).rejects.toThrow(message)
})

test('there are no partials', async () => {
  await expect(render('{{> other}}')).rejects.toThrow('no partial "other"')
})

test("nothing of JavaScript's own comes in", async () => {
  expect(await render('{{features.constructor}}')).toBe('')
  await expect(render('{{name.constructor}}')).rejects.toThrow('there is no "constructor"')
})
