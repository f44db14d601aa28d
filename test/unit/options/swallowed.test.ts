import { expect, test } from 'vitest'
import { swallowedByNpm } from '../../../src/options/swallowed.ts'
import { offer } from './offer-fixture.ts'

const npm = {
  npm_config_user_agent: 'npm/11.19.1 node/v20.20.2 linux x64 workspaces/false',
  npm_command: 'create',
  npm_lifecycle_event: 'npx',
  npm_config_yes: 'true',
}

function commandFor(argv: string[], config: Record<string, string>, npmrc?: string) {
  return swallowedByNpm(argv, { ...npm, ...config }, offer, npmrc)?.command
}

const create = 'npm create start-convex-auth@latest'

// What arrives was recorded from npm 11.19: see test/cli/swallowed.test.ts for the real thing.
test.each([
  [['my-app'], { npm_config_tailwind: 'true' }, 'my-app -- --tailwind'],
  [['my-app'], { npm_config_setup: 'true', npm_config_check: 'true' }, 'my-app -- --setup'],
  [
    ['env', 'https://a.example'],
    { npm_config_check: 'true', npm_config_site_url: 'true' },
    'env -- --check --site-url https://a.example',
  ],
  [
    ['env'],
    { npm_config_all: 'true', npm_config_long: 'true', npm_config_parseable: 'true' },
    'env -- --apply',
  ],
  [['env'], { npm_config_check: 'true', NODE_ENV: 'production' }, 'env -- --check --prod'],
  [['update'], { npm_config_token_description: '1.2.0' }, 'update -- --to 1.2.0'],
  // What stood behind a -- arrives, and has to stay there.
  [
    ['my-app', '--port', '4000'],
    { npm_config_tailwind: 'true' },
    'my-app -- --port 4000 --tailwind',
  ],
  [['My App'], { npm_config_tailwind: 'true' }, '"My App" -- --tailwind'],
  [['my-app'], { npm_config_install_links: 'true' }, 'my-app -- --install'],
  [
    ['my-app', 'github'],
    { npm_config_tailwind: 'true', npm_config_social: 'true' },
    'my-app -- --tailwind --social github',
  ],
  [
    ['github,google', 'my-app'],
    { npm_config_social: 'true' },
    'my-app -- --social "github,google"',
  ],
  [
    ['4000', 'my-app'],
    { npm_config_social: 'github', npm_config_port: 'true' },
    'my-app -- --social github --port 4000',
  ],
  [
    ['my-app'],
    {
      npm_config_install: '',
      npm_config_tailwind: '',
      npm_config_social: '',
      npm_config_git: 'false',
    },
    'my-app -- --no-tailwind --no-social --no-install --no-git',
  ],
  [['my-app'], { npm_config_git: '' }, 'my-app -- --git'],
  [
    ['my-app', './x'],
    {
      npm_config_dry_run: 'true',
      npm_config_json: 'true',
      npm_config_layer: 'true',
      npm_config_message: 'pnpm',
      npm_config_parseable: 'true',
    },
    'my-app -- --layer ./x --pm pnpm --dry-run --json',
  ],
  [
    ['my-app', './a', 'github:u/r'],
    { npm_config_layer: 'true\n\ntrue' },
    'my-app -- --layer ./a --layer github:u/r',
  ],
])('%j with %j', (argv, config, line) => {
  expect(commandFor(argv, config)).toBe(`${create} ${line}`)
})

test.each([
  ['nothing of ours', ['my-app'], {}],
  ['a path of git', ['my-app'], { npm_config_git: '/usr/bin/git' }],
  ["somebody's address for a registry", ['my-app'], { npm_config_email: 'ada@localhost' }],
  ['a message for npm version', ['x'], { npm_config_message: 'v%s', npm_config_parseable: 'true' }],
  ['a flag that is there', ['x', '--json'], { npm_config_json: 'true' }],
  ['another package manager', ['x'], { npm_config_user_agent: 'pnpm/12', npm_config_json: 'true' }],
])('leaves %s alone', (_, argv, config) => {
  expect(commandFor(argv, config)).toBeUndefined()
})

test('what is set in .npmrc was not a flag', () => {
  const config = { npm_config_json: 'true' }
  expect(commandFor(['x'], config)).toBe(`${create} x -- --json`)
  expect(commandFor(['x'], config, 'fund=false\njson = true\n')).toBeUndefined()
})

test('names the script of a clone', () => {
  const config = { npm_command: 'start', npm_lifecycle_event: 'start' }
  expect(commandFor(['x'], { ...config, npm_config_tailwind: 'true' })).toBe(
    'npm run start -- x --tailwind',
  )
})
