import { expect, test } from 'vitest'
import { installRisks } from '../../../src/layers/risks.ts'
import { layerOf } from './support.ts'

const theirs = async (manifest: object, layer: object = {}) => {
  const read = await layerOf('mine', { 'package.json': manifest, 'layer.json': layer })
  return installRisks([{ layer: { ...read, source: 'gh:owner/repo' }, choices: [] }])
}

test.each([
  [{ scripts: { postinstall: 'node steal.js' } }, 'runs `node steal.js` when'],
  [{ scripts: { prepare: 'husky' } }, 'runs `husky` when'],
  [{ dependencies: { a: 'git+ssh://git@host/a.git' } }, 'installs a from git+ssh://git@host/a.git'],
  [{ dependencies: { a: 'owner/a' } }, 'installs a from owner/a'],
  [{ devDependencies: { a: 'github:owner/a#main' } }, 'installs a from github:owner/a#main'],
  [{ dependencies: { a: 'file:../a' } }, 'installs a from file:../a'],
  [{ dependencies: { a: '../a' } }, 'installs a from ../a'],
  [{ dependencies: { a: 'https://host/a.tgz' } }, 'installs a from https://host/a.tgz'],
  [{ overrides: { b: { a: 'file:a' } } }, 'installs a from file:a'],
  [{ peerDependencies: { a: 'github:owner/a' } }, 'installs a from github:owner/a'],
  [{ resolutions: { 'b/a': 'exec:./a.js' } }, 'installs b/a from exec:./a.js'],
  [{ workspaces: { catalogs: { x: { a: 'gist:1' } } } }, 'installs a from gist:1'],
  [{ devEngines: { runtime: { name: 'node' } } }, 'says which programs are fetched and run for it'],
  [{ packageManager: 'pnpm@https://host/p.tgz' }, 'says which programs are fetched'],
  [{ allowScripts: { sharp: true } }, 'lets packages run scripts'],
])('%j is said', async (manifest, words) => {
  expect(await theirs(manifest)).toEqual([expect.stringContaining(`(gh:owner/repo) ${words}`)])
})

test.each([
  ['.pnpmfile.cjs', 'runs code of its own'],
  ['binding.gyp', 'compiles code'],
  ['.npmrc', 'sets where packages come from'],
  ['.yarnrc.yml', 'sets where packages come from'],
  ['bunfig.toml.hbs', 'sets where packages come from'],
  ['pnpm-workspace.yaml', 'sets which packages run scripts'],
  ['.yarn/releases/yarn-4.cjs', 'brings code'],
  ['package-lock.json', 'says where each package is fetched from'],
  ['bun.lock', 'says where each package is fetched from'],
])('%s is said', async (path, words) => {
  const layer = await layerOf('mine', { [path]: '', [`docs/${path}`]: '' })
  expect(installRisks([{ layer: { ...layer, source: 'gh:owner/repo' }, choices: [] }])).toEqual([
    expect.stringMatching(new RegExp(`^Layer "mine" \\(gh:owner/repo\\) ${words}`)),
  ])
})

test('what pnpm takes from elsewhere is said beside what it lets run', async () => {
  const pnpm = {
    overrides: { a: 'owner/a' },
    packageExtensions: { b: { dependencies: { c: '../c' } } },
  }
  expect(await theirs({ pnpm })).toEqual([
    expect.stringContaining('installs a from owner/a'),
    expect.stringContaining('installs c from ../c'),
    expect.stringContaining('lets packages run scripts'),
  ])
})

test('so is what a choice merges into package.json', async () => {
  const merge = { 'package.json': { scripts: { install: 'make' } } }
  expect(await theirs({}, { choices: { one: { title: 'One', merge } } })).toEqual([
    expect.stringContaining('runs `make`'),
  ])
})

test('packages of the registry and scripts for people are nothing to say', async () => {
  const manifest = {
    scripts: { dev: 'vite', 'install:browser': 'playwright install' },
    dependencies: {
      a: '^1.0.0',
      b: 'npm:c@2',
      d: 'latest',
      e: '*',
      f: '1.x || >=2 <3',
      g: 'workspace:*',
    },
    peerDependencies: { react: '>=19' },
    workspaces: ['packages/ui'],
  }
  expect(await theirs(manifest)).toEqual([])
})

test('our own layers are read by their users as they are', async () => {
  const read = await layerOf('mine', { 'package.json': { scripts: { prepare: 'x' } } })
  expect(installRisks([{ layer: read, choices: [] }])).toEqual([])
})
