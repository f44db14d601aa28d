import { describe, expect, test } from 'vitest'
import { commandOf, originOf, parse } from '../../../src/options/parse.ts'
import { offer } from './offer-fixture.ts'

async function parsed(line: string) {
  return parse(line === '' ? [] : line.split(' '), offer, '/home/ada')
}

describe('parse', () => {
  test('says nothing of what was not said', async () => {
    expect(await parsed('')).toEqual({})
  })

  test('reads every flag', async () => {
    expect(
      await parsed(
        'my-app --tailwind --social google,github --layer ./a --layer=github:u/r --pm pnpm --no-install --no-git --port=4000 -y --dry-run --json --verbose --no-color',
      ),
    ).toEqual({
      directory: 'my-app',
      tailwind: true,
      social: ['github', 'google'],
      layer: ['./a', 'github:u/r'],
      pm: 'pnpm',
      install: false,
      git: false,
      port: 4000,
      yes: true,
      'dry-run': true,
      json: true,
      verbose: true,
      color: false,
    })
  })

  test.each([
    ['--no-social', { social: [] }],
    ['--no-tailwind ../x', { tailwind: false, directory: '../x' }],
    ['-h', { help: true }],
    ['-yv', { yes: true, version: true }],
    ['my-app -- --tailwind', { directory: 'my-app', tailwind: true }],
    ['--social github,github', { social: ['github'] }],
    ['--port 1', { port: 1 }],
    ['--port 65535', { port: 65535 }],
    [
      '--layer=~/a --layer ~ --layer ~x/y --from-record=~/r.json',
      { layer: ['/home/ada/a', '/home/ada', '~x/y'], 'from-record': '/home/ada/r.json' },
    ],
    ['update --from=~\\x', { from: '/home/ada\\x' }],
  ])('%s', async (line, flags) => {
    expect(await parsed(line)).toEqual(flags)
  })

  test.each([
    ['--tailwnd', /"--tailwnd" isn't a flag/, /Did you mean --tailwind\?/],
    ['--no-tailwnd', /"--no-tailwnd"/, /--no-tailwind\?/],
    ['--no-port', /"--no-port" isn't a flag/, /./],
    ['-x', /"-x" isn't a flag/, /^--help lists/],
    ['--social gitlab', /"gitlab"/, /Did you mean github\?.*--no-social/],
    ['--social GitHub', /"GitHub"/, /Did you mean github\?/],
    ['--social github,', /""/, /It takes github, google/],
    ['--pm npn', /"npn"/, /Did you mean npm\? It takes npm, pnpm, yarn, bun\./],
    ['--yes --yes', /--yes was given twice/, /once/],
    ['--port 1 --port 2', /--port was given twice/, /once/],
    ['--social github --social google', /--social was given twice/, /once/],
    ['--tailwind --no-tailwind', /--tailwind and --no-tailwind contradict/, /one/],
    ['--no-social --social github', /--no-social and --social contr/, /one/],
    ['--social', /--social needs a value/, /--social github/],
    ['--social --no-git', /--social needs a value/, /--social github/],
    ['--port=', /--port needs a value/, /--port 3000/],
    ['--layer --json', /--layer needs a value/, /--layer \.\/my-layer/],
    ['a b', /Two directories were given: "a" and "b"/, /quotes/],
    ['--tailwind=false', /--tailwind takes no value/, /alone/],
    ['--no-git=1', /--no-git takes no value/, /alone/],
    ['--port 0', /"0" isn't a port/, /1 to 65535/],
    ['--port 65536', /"65536" isn't a port/, /1 to 65535/],
    ['--port 3e3', /"3e3" isn't a port/, /1 to 65535/],
    ['--port 80a', /"80a" isn't a port/, /1 to 65535/],
  ])('refuses %s', async (line, message, fix) => {
    await expect(parsed(line)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    })
  })
})

describe('commands', () => {
  test.each([
    ['', 'create'],
    ['my-app', 'create'],
    ['./env', 'create'],
    ['env --check', 'env'],
    ['--json doctor', 'doctor'],
    ['--layer env my-app', 'create'],
  ])('%s is %s', (line, command) => {
    expect(commandOf(line.split(' '))).toBe(command)
  })

  test('each has its own flags', async () => {
    expect(await parsed('env --prod --site-url https://a.example/ --apply')).toEqual({
      prod: true,
      'site-url': 'https://a.example',
      apply: true,
    })
    await expect(parsed('doctor --aply')).rejects.toThrow("isn't a flag of this command")
    await expect(parsed('my-app --check')).rejects.toThrow("isn't a flag of this command")
    await expect(parsed('doctor my-app')).rejects.toThrow('doctor takes no "my-app"')
  })

  test.each([
    ['http://localhost:3000', 'http://localhost:3000'],
    ['https://Your-App.example/', 'https://your-app.example'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('the origin of %s', (text, origin) => {
    expect(originOf(text)).toBe(origin)
  })

  test.each(['a.example', 'https://a.example/x', 'ftp://a', 'https://a b', 'https://a:99999', ''])(
    'no origin: %s',
    (text) => expect(() => originOf(text)).toThrow("isn't the address of a site"),
  )
})
