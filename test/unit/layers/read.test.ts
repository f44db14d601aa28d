import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readLayer } from '../../../src/layers/read.ts'
import { freshFolder, layerFolder, layerOf, writeFiles } from './support.ts'

test('reads every file but what a working copy holds besides', async () => {
  const layer = await layerOf('mine', {
    'layer.json': { ignore: ['tsconfig.json'] },
    'tsconfig.json': '{}',
    'src/a.ts': 'a',
    '.gitignore': 'x',
    '.env.convex.hbs': '',
    ...Object.fromEntries(
      [
        '.git/HEAD',
        'node_modules/x/index.js',
        'src/node_modules/x.js',
        '.output/a',
        '.nitro/a',
        '.tanstack/a',
        '.vinxi/a',
        '.convex/a',
        'dist/a',
        'coverage/a',
        'src/.DS_Store',
        '.env.local',
        '.env.convex',
        'a.tsbuildinfo',
      ].map((path) => [path, 'not for others']),
    ),
  })
  expect([...layer.files.keys()]).toEqual(['.env.convex.hbs', '.gitignore', 'src/a.ts'])
  expect(layer).toMatchObject({ name: 'mine', source: 'builtin' })
})

test.runIf(process.platform !== 'win32')(
  'a path that some system refuses is an error, a template by its output',
  async () => {
    await expect(layerOf('mine', { 'src/nul': '' })).rejects.toThrow(
      `Layer "mine" has a file that can't be written: "src/nul" has a name that Windows refuses.`,
    )
    await expect(layerOf('mine', { 'a..hbs': '' })).rejects.toThrow('"a."')
  },
)

test('text has LF, bytes stay bytes', async () => {
  const invalid = new Uint8Array([0xff, 0xfe, 13, 10])
  const nul = new Uint8Array([65, 0, 13, 10])
  const { files } = await layerOf('mine', {
    'text.md': 'a\r\nb\né',
    'invalid.bin': invalid,
    'zero.bin': nul,
  })
  expect(files.get('text.md')?.content).toBe('a\nb\né')
  expect(files.get('invalid.bin')?.content).toEqual(invalid)
  expect(files.get('zero.bin')?.content).toEqual(nul)
})

test.runIf(process.platform !== 'win32')('keeps the executable bit', async () => {
  const folder = layerFolder('mine', { 'run.sh': '', 'read.sh': '' })
  chmodSync(join(folder, 'run.sh'), 0o755)
  const { files } = await readLayer(folder)
  expect(files.get('run.sh')?.executable).toBe(true)
  expect(files.get('read.sh')?.executable).toBe(false)
})

test('the digest follows the content, not the place or the line ends', async () => {
  const files = { 'a.md': 'a\nb', 'layer.json': { title: 'A' } }
  const { digest } = await layerOf('mine', files)
  expect(digest).toMatch(/^sha256-[0-9a-f]{64}$/)
  const same = await layerOf('mine', { ...files, 'a.md': 'a\r\nb' })
  expect(same.digest).toBe(digest)
  const others = [
    { ...files, 'a.md': 'a\nc' },
    { ...files, 'b.md': '' },
    { 'b.md': 'a\nb', 'layer.json': { title: 'A' } },
    { ...files, 'layer.json': { title: 'B' } },
  ]
  const digests = await Promise.all(
    others.map(async (other) => (await layerOf('mine', other)).digest),
  )
  expect(new Set([digest, ...digests]).size).toBe(5)
})

test('refuses symbolic links, to files and to folders, and names them', async () => {
  const outside = freshFolder()
  writeFiles(outside, { secret: 's', 'folder/secret': 's' })
  const toFile = layerFolder('mine', { 'src/a.ts': '' })
  symlinkSync(join(outside, 'secret'), join(toFile, 'src/b.ts'))
  await expect(readLayer(toFile)).rejects.toThrow(/src\/b\.ts.*symbolic link/)
  const toFolder = layerFolder('mine')
  symlinkSync(join(outside, 'folder'), join(toFolder, 'docs'))
  await expect(readLayer(toFolder)).rejects.toThrow(/docs.*symbolic link/)
  const manifest = layerFolder('mine')
  symlinkSync(join(outside, 'gone'), join(manifest, 'gone'))
  await expect(readLayer(manifest)).rejects.toThrow(/gone.*symbolic link/)
})

test('says what is missing where there is no layer', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'file'), '')
  await expect(readLayer(folder, './x')).rejects.toThrow(
    './x is not a layer: it has no layer.json.',
  )
  for (const path of ['none', 'file']) {
    await expect(readLayer(join(folder, path), './x')).rejects.toThrow(
      './x is not a layer: it is no folder.',
    )
  }
})

test.each([
  ['ignore', { ignore: ['a.md', 'gone.md'] }],
  ['replaces', { replaces: ['a.md', 'gone.md'] }],
  ['choices.one.files', { choices: { one: { title: 'One', files: ['gone.md'] } } }],
])('a path under %s that names no file is an error', async (field, manifest) => {
  const text = JSON.stringify({ name: 'mine', title: '', description: '', ...manifest }, null, 2)
  const line = 1 + text.slice(0, text.indexOf('gone.md')).split('\n').length - 1
  const folder = layerFolder('mine', { 'layer.json': text, 'a.md': '' })
  await expect(readLayer(folder)).rejects.toThrow(
    `Layer "mine" (layer.json, line ${line}) names gone.md under "${field}"`,
  )
})

test('replaces names the file that comes out, without .hbs', async () => {
  const manifest = { replaces: ['README.md'] }
  const files = { 'layer.json': manifest, 'README.md.hbs': '' }
  await expect(layerOf('mine', files)).resolves.toMatchObject({ name: 'mine' })
})

const removing = (fields: object) =>
  JSON.stringify(
    { name: 'mine', title: '', description: '', removes: ['a.md'], ...fields },
    null,
    2,
  )

test('a file that the layer removes and brings is an error, a template by its output', async () => {
  const place = 'Layer "mine" (layer.json, line 6)'
  for (const own of ['a.md', 'a.md.hbs']) {
    await expect(layerOf('mine', { 'layer.json': removing({}), [own]: '' })).rejects.toThrow(
      expect.objectContaining({
        message: `${place} names a.md under "removes", and brings ${own} itself.`,
        fix: 'Name it under "replaces" instead, or delete the file.',
      }),
    )
  }
})

test('so is one that it removes and replaces, whether it is there or not', async () => {
  const files = { 'layer.json': removing({ replaces: ['a.md'] }) }
  for (const own of [{}, { 'a.md': '' }]) {
    await expect(layerOf('mine', { ...files, ...own })).rejects.toThrow(
      expect.objectContaining({
        message:
          'Layer "mine" (layer.json, line 6) names a.md under "removes" and under "replaces".',
        fix: 'Take it out of one of them.',
      }),
    )
  }
})

test('a file that only serves where the layer stands may be removed of the others', async () => {
  const files = { 'layer.json': removing({ ignore: ['a.md'] }), 'a.md': '' }
  expect([...(await layerOf('mine', files)).files]).toEqual([])
})

test('a mistake in the manifest names the source that was typed', async () => {
  const folder = layerFolder('mine', { 'layer.json': '{\n"nam": 1}' })
  await expect(readLayer(folder, 'gh:owner/mine')).rejects.toThrow(
    'layer.json of layer "gh:owner/mine", line',
  )
})
