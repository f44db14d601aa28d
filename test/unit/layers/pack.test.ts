import Handlebars from 'handlebars'
import { expect, test } from 'vitest'
import { layerFromPacked, packLayer } from '../../../src/layers/pack.ts'
import { layerOf } from './support.ts'

const source = '# {{name}}'
const templates = {
  mine: {
    'README.md.hbs': Handlebars.compile(source, { strict: true }),
  },
}

const read = () =>
  layerOf('mine', {
    'README.md.hbs': source,
    'a.md': 'é\n',
    'icon.png': new Uint8Array([0, 255, 1]),
  })

test('a layer comes back whole from JSON, its templates from the build', async () => {
  const layer = await read()
  const packed = JSON.parse(JSON.stringify(packLayer(layer)))
  const back = layerFromPacked(packed, templates)

  expect(back.manifest).toEqual(layer.manifest)
  expect(back).toMatchObject({ name: 'mine', digest: layer.digest })
  expect([...back.files.keys()]).toEqual([...layer.files.keys()])
  for (const path of ['a.md', 'icon.png']) {
    expect(back.files.get(path)).toEqual(layer.files.get(path))
  }
  const { render } = back.files.get('README.md.hbs') ?? {}
  expect(render?.({ name: 'app' })).toBe('# app')
  expect(() => render?.({})).toThrow('README.md.hbs of layer "mine", line 1')
})

test('a template that the build forgot is an error', async () => {
  const packed = packLayer(await read())
  expect(() => layerFromPacked(packed, {})).toThrow('mine/README.md.hbs')
})
