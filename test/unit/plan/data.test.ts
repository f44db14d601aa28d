import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readLayer } from '../../../src/layers/read.ts'
import { isLocalSite, isNeeded, KNOWN_FEATURES, templateData } from '../../../src/plan/data.ts'
import { input, select } from './support.ts'

const base = {
  'layer.json': {
    env: [
      { name: 'SITE_URL', description: 'Where', from: 'siteUrl' },
      { name: 'SECRET', description: 'What', from: 'secret' },
    ],
    choices: { npm: { title: 'npm' }, bun: { title: 'Bun' } },
  },
}

const social = {
  'layer.json': {
    choices: {
      github: {
        title: 'GitHub',
        env: [{ name: 'GITHUB_ID', description: 'ID', optional: true }],
        oauthApp: {
          url: 'https://github.example/new',
          callback: '/api/github',
        },
      },
      google: { title: 'Google' },
    },
  },
}

test('holds variables with their values, providers with their callback', async () => {
  const selected = [await select('base', base, ['npm']), await select('social', social, ['github'])]
  const data = templateData(selected, input)
  expect(data.siteUrl).toBe('http://localhost:4000')
  expect(data.env).toMatchObject([
    { name: 'SITE_URL', value: 'http://localhost:4000', optional: false },
    { name: 'SECRET', value: input.secret, optional: false },
    { name: 'GITHUB_ID', value: '', optional: true },
  ])
  expect(data.providers).toMatchObject([
    {
      id: 'github',
      title: 'GitHub',
      url: 'https://github.example/new',
      callbackUrl: 'http://localhost:4000/api/github',
      env: [{ name: 'GITHUB_ID' }],
    },
  ])
})

test('features are true when taken, false when known', async () => {
  const taken = await select('social', social, ['github'])
  expect(templateData([taken], input).features).toMatchObject({
    social: true,
    github: true,
    google: false,
    tailwind: false,
  })
  const nothing = templateData([await select('base', base)], input)
  expect(nothing.features).toMatchObject({
    base: true,
    npm: false,
    bun: false,
    social: false,
    github: false,
  })
})

test.each(['npm', 'pnpm', 'yarn', 'bun'] as const)(
  'the commands are those of %s alone',
  async (packageManager) => {
    const selected = [await select('base', base)]
    const { pm } = templateData(selected, { ...input, packageManager })
    const flags = [pm.npm, pm.pnpm, pm.yarn, pm.bun]
    expect(pm[packageManager]).toBe(true)
    expect(flags.filter(Boolean)).toHaveLength(1)
    for (const command of [pm.install, pm.cleanInstall, pm.run, pm.test]) {
      expect(command.split(' ')[0]).toBe(packageManager)
    }
  },
)

test('every built-in layer and choice is a known feature', async () => {
  const root = join(import.meta.dirname, '../../..')
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    workspaces: readonly string[]
  }
  for (const folder of workspaces.slice(1)) {
    const { name, manifest } = await readLayer(join(root, folder))
    expect(KNOWN_FEATURES).toEqual(
      expect.arrayContaining([name, ...Object.keys(manifest.choices ?? {})]),
    )
  }
})

test.each([
  ['http://localhost:3000', true],
  ['http://app.localhost:3000/', true],
  ['http://127.0.0.1', true],
  ['http://[::1]:3000', true],
  ['https://localhost', false],
  ['https://your-app.example', false],
  ['http://localhost.evil.example', false],
  ['http://127.0.0.1.evil.example:3000', false],
])('%s is local: %s', (site, isLocal) => {
  expect(isLocalSite(site)).toBe(isLocal)
})

test('what a local site does without is needed elsewhere', () => {
  const key = { name: 'KEY', description: 'A key', optional: 'local' } as const
  const needed = (site: string) => isNeeded(key, { providers: [] }, site)
  expect(needed('http://localhost:3000')).toBe(false)
  expect(needed('https://your-app.example')).toBe(true)
})

test('the port that a browser leaves out of an address is not in it', async () => {
  const { siteUrl } = templateData([await select('base', base, ['npm'])], { ...input, port: 80 })
  expect(siteUrl).toBe('http://localhost')
})
