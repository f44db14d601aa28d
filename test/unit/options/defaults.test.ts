import { expect, test } from 'vitest'
import { runningPackageManager } from '../../../src/package-managers.ts'
import { requireAnswers, withDefaults } from '../../../src/options/questions.ts'
import { offer } from './offer-fixture.ts'

test.each([
  ['pnpm/12.0.0 npm/? node/v24.0.0 linux x64', 'pnpm'],
  ['yarn/1.22.22 npm/? node/v20.20.2 linux x64', 'yarn'],
  ['bun/1.4.0 npm/? node/v24.0.0 linux x64', 'bun'],
  ['npm/11.19.1 node/v20.20.2 linux x64 workspaces/false', 'npm'],
  ['deno/2.0.0', 'npm'],
  [undefined, 'npm'],
])('%s is run by %s', (userAgent, name) => {
  const env = { npm_config_user_agent: userAgent }
  expect(runningPackageManager(env)).toEqual({ name })
  // Where Corepack runs us, it wants to be told which version that is.
  const [, version] = /^[a-z]+\/(\S+)/.exec(userAgent ?? '') ?? []
  const pin = userAgent?.startsWith(name) && { pin: `${name}@${version}` }
  expect(runningPackageManager({ ...env, COREPACK_ROOT: '/corepack' })).toEqual({ name, ...pin })
})

test('what was said wins over the defaults', () => {
  expect(withDefaults({ tailwind: false, pm: 'bun' }, 'pnpm')).toEqual({
    directory: 'my-app',
    tailwind: false,
    social: [],
    email: false,
    layer: [],
    pm: 'bun',
    install: true,
    git: true,
    port: 3000,
    setup: false,
  })
})

test('names every answer that is missing', () => {
  expect(() => requireAnswers({ social: [] }, offer)).toThrow(
    'Missing: a directory, --tailwind or --no-tailwind. There is no terminal to ask on.',
  )
  expect(() => requireAnswers({ directory: 'x', tailwind: false }, offer)).toThrow(
    'Missing: --social github,google or --no-social. There is no terminal to ask on.',
  )
  expect(() => requireAnswers({ directory: 'x', tailwind: false, social: [] }, offer)).not.toThrow()
})
