import { expect, test } from 'vitest'
import { packageManagerOf } from '../../../src/package-managers.ts'
import { requireAnswers, withDefaults } from '../../../src/options/defaults.ts'
import { offer } from './offer-fixture.ts'

test.each([
  ['pnpm/12.0.0 npm/? node/v24.0.0 linux x64', 'pnpm'],
  ['yarn/1.22.22 npm/? node/v20.20.2 linux x64', 'yarn'],
  ['bun/1.4.0 npm/? node/v24.0.0 linux x64', 'bun'],
  ['npm/11.19.1 node/v20.20.2 linux x64 workspaces/false', 'npm'],
  ['deno/2.0.0', 'npm'],
  [undefined, 'npm'],
])('%s is run by %s', (userAgent, name) => {
  expect(packageManagerOf(userAgent)).toBe(name)
})

test('what was said wins over the defaults', () => {
  expect(withDefaults({ tailwind: false, pm: 'bun' }, 'pnpm')).toEqual({
    directory: 'my-app',
    tailwind: false,
    social: [],
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
