import { expect, test } from 'vitest'
import { templateData } from '../../../src/plan/data.ts'
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
