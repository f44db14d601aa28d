import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  choose,
  togetherWith,
  type Candidates,
  type Release,
} from '../../../scripts/lib/bump/choose.ts'
import { readPins, writePins } from '../../../scripts/lib/bump/pins.ts'
import { allReleases } from '../../../scripts/lib/bump/releases.ts'
import { startRegistry, type Registry } from '../../helpers/registry.ts'

const release = (version: string, peerDependencies = {}, dependencies = {}): Release => ({
  version,
  peerDependencies,
  dependencies,
})

describe('takes the newest versions that fit together', () => {
  test('a peer that is too new gives way, and it is said for whom', () => {
    const candidates: Candidates = {
      auth: ['1.6.34', '1.6.40', '1.7.0', '1.7.1'].map((version) => release(version)),
      component: [release('0.12.5', { auth: '>=1.6.11 <1.7.0' })],
    }
    const { pins, held } = choose({ auth: '1.6.34', component: '0.12.5' }, candidates)
    expect(pins).toEqual({ auth: '1.6.40', component: '0.12.5' })
    expect(held).toEqual([
      { name: 'auth', version: '1.7.1', because: 'component 0.12.5 wants auth >=1.6.11 <1.7.0' },
    ])
  })

  test('a package that wants a newer peer than there is stays behind', () => {
    const candidates: Candidates = {
      plugin: [release('1.0.0', { vite: '^8' }), release('2.0.0', { vite: '^9' })],
      vite: [release('8.0.0'), release('8.1.0')],
    }
    expect(choose({ plugin: '1.0.0', vite: '8.0.0' }, candidates).pins).toEqual({
      plugin: '1.0.0',
      vite: '8.1.0',
    })
  })

  test('a family stays in step: what one depends on is its peer', () => {
    const candidates: Candidates = {
      router: ['1.1.0', '1.2.0', '1.2.1'].map((version) => release(version)),
      start: [release('1.1.0', {}, { router: '1.1.0' }), release('1.2.0', {}, { router: '1.2.0' })],
    }
    expect(choose({ router: '1.1.0', start: '1.1.0' }, candidates).pins).toEqual({
      router: '1.2.0',
      start: '1.2.0',
    })
  })

  test('never older than it is, and the known limits hold', () => {
    const candidates: Candidates = {
      '@types/node': ['22.20.5', '22.21.0', '26.0.0'].map((version) => release(version)),
      react: ['18.3.1', '19.0.0'].map((version) => release(version)),
    }
    expect(choose({ '@types/node': '22.20.5', react: '19.0.0' }, candidates).pins).toEqual({
      '@types/node': '22.21.0',
      react: '19.0.0',
    })
  })

  test('two pinned ones that never fitted are left as they are', () => {
    const candidates: Candidates = { a: [release('1.0.0', { b: '^2' })], b: [release('1.0.0')] }
    const pins = { a: '1.0.0', b: '1.0.0' }
    expect(choose(pins, candidates)).toEqual({ pins, held: [] })
  })
})

test('what only fits together is tried together, the rest alone', () => {
  const candidates: Candidates = {
    css: [release('4.0.0'), release('4.1.0')],
    router: [release('1.1.0'), release('1.2.0')],
    start: [release('1.1.0', {}, { router: '1.1.0' }), release('1.2.0', {}, { router: '1.2.0' })],
  }
  const pins = { css: '4.0.0', router: '1.1.0', start: '1.1.0' }
  const wanted = { css: '4.1.0', router: '1.2.0', start: '1.2.0' }
  expect(togetherWith('css', wanted, pins, candidates)).toEqual(['css'])
  expect(togetherWith('router', wanted, pins, candidates)).toEqual(['router', 'start'])
})

test('exact versions are pins; a change is written wherever the pin stands', () => {
  const text = `{\n  "name": "x",\n  "dependencies": {\n    "a": "1.0.0",\n    "b": "^2.0.0"\n  },\n  "devDependencies": {\n    "c": "1.0.0"\n  }\n}\n`
  const pins = readPins([text])
  expect(pins).toEqual({ a: '1.0.0', c: '1.0.0' })
  const changes = { a: '1.1.0', b: '3.0.0' }
  expect(writePins(text, pins, changes)).toBe(text.replace('"a": "1.0.0"', '"a": "1.1.0"'))
  expect(writePins(text.replace('"a": "1.0.0"', '"a": "0.9.0"'), pins, changes)).toContain('0.9.0')
})

describe('asks the registry', () => {
  let registry: Registry
  beforeAll(async () => {
    const repository = { type: 'git', url: 'git+https://github.com/owner/project.git' }
    registry = await startRegistry([
      { name: 'beta', version: '3.0.1-beta', repository },
      { name: 'beta', version: '3.0.2-beta', repository },
      { name: 'stable', version: '0.9.0' },
      { name: 'stable', version: '1.0.0', peerDependencies: { beta: '*' } },
      { name: 'stable', version: '1.1.0', deprecated: 'Broken' },
      { name: 'stable', version: '1.2.0', peerDependencies: { beta: '3.0.2-beta' } },
      { name: 'stable', version: '2.0.0-rc.1' },
    ])
    vi.stubEnv('npm_config_registry', registry.url)
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await registry.close()
  })

  test('for the pinned version and newer ones, neither deprecated nor early', async () => {
    const pins = { beta: '3.0.1-beta', stable: '1.0.0' }
    const { candidates, changelogs } = await allReleases(pins, import.meta.dirname)
    const versions = Object.entries(candidates).map(([name, found]) => [
      name,
      found.map(({ version }) => version),
    ])
    expect(Object.fromEntries(versions)).toEqual({
      beta: ['3.0.1-beta', '3.0.2-beta'],
      stable: ['1.0.0', '1.2.0'],
    })
    expect(changelogs['beta']).toBe('https://github.com/owner/project/releases')
    expect(choose(pins, candidates).pins).toEqual({ beta: '3.0.2-beta', stable: '1.2.0' })
  })

  test('a package that is not there is an error in npm’s words', async () => {
    await expect(allReleases({ nothing: '1.0.0' }, import.meta.dirname)).rejects.toThrow(/404/)
  })
})
