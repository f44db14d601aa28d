import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startDeployment } from '../deployment/server.ts'
import type { Deployment } from '../deployment/server.ts'
import { cli, emptyFolder } from '../helpers/cli.ts'
import { makeRepository, noDeployment, pointAt } from '../helpers/repository.ts'
import { changeVariables } from '../helpers/variables.ts'

interface Check {
  readonly id: string
  readonly ok: boolean | null
  readonly message: string
  readonly fix: readonly string[]
}

/** The generated app needs a newer Node than the tests do. */
const newerNode = { NODE_OPTIONS: `--require ${preload()}` }

function preload(): string {
  const folder = join(import.meta.dirname, '../../.cache')
  mkdirSync(folder, { recursive: true })
  const text = "Object.defineProperty(process.versions, 'node', { value: '24.4.0' })"
  writeFileSync(join(folder, 'node-24.cjs'), text)
  return join(folder, 'node-24.cjs')
}

async function examine(root: string, env: Readonly<Record<string, string | undefined>> = {}) {
  const run = await cli(['doctor', '--json'], {
    cwd: root,
    env: { ...noDeployment, ...newerNode, ...env },
  })
  expect(run.stderr).toBe('')
  const { ok, checks } = JSON.parse(run.stdout) as { ok: boolean; checks: Check[] }
  expect(run.exitCode).toBe(ok ? 0 : 1)
  const found = (id: string) => checks.find((check) => check.id === id)
  const ids = (ok: boolean | null) => checks.filter((check) => check.ok === ok).map(({ id }) => id)
  return { ok, found, wrong: ids(false), open: ids(null) }
}

/** Every file with its time and size: what a run that changes nothing leaves. */
const snapshot = (root: string) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => [path, statSync(path).mtimeMs, statSync(path).size])

const addresses = 'VITE_CONVEX_URL=http://127.0.0.1:1\nVITE_CONVEX_SITE_URL=http://127.0.0.1:2\n'

const edit = (root: string, path: string, change: (text: string) => string) =>
  writeFileSync(join(root, path), change(readFileSync(join(root, path), 'utf8')))

/** An installed version of our own, in front of the real one. */
function fakePackage(root: string, name: string, manifest: object): void {
  const folder = join(root, 'node_modules', name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, ...manifest }))
}

/** The version that the base pins. */
function versionOf(name: string): string {
  const path = join(import.meta.dirname, '../../template-base/package.json')
  const { dependencies } = JSON.parse(readFileSync(path, 'utf8')) as {
    dependencies: Record<string, string>
  }
  return dependencies[name] ?? ''
}

type Break = (root: string) => void

const breaks: readonly (readonly [id: string, what: string, Break, RegExp, string])[] = [
  [
    'package-manager',
    "another package manager's lockfile",
    (root) => writeFileSync(join(root, 'yarn.lock'), ''),
    /yarn\.lock is from another/,
    'Remove yarn.lock.',
  ],
  [
    'installed',
    'a dependency that is not installed',
    (root) =>
      edit(root, 'package.json', (text) =>
        text.replace('"react":', '"absent-x": "1.0.0", "react":'),
      ),
    /Not installed: absent-x/,
    'npm install',
  ],
  [
    'installed',
    'another version than package.json has',
    (root) => fakePackage(root, 'react', { version: '18.0.0' }),
    /wants other versions than react 18\.0\.0/,
    'npm install',
  ],
  [
    'tested',
    'a version that was not tested',
    (root) => fakePackage(root, 'vitest', { version: '5.0.0' }),
    /vitest 5\.0\.0 \(tested: 4\./,
    'npm install vitest@4.1.12',
  ],
  [
    'security',
    'a version with a hole',
    (root) => fakePackage(root, 'better-auth', { version: '1.6.21' }),
    /better-auth 1\.6\.21 has an account takeover/,
    'npm install better-auth@1.6.22',
  ],
  [
    'peers',
    'a peer out of range',
    (root) => {
      fakePackage(root, 'better-auth', { version: '1.7.2' })
      const peerDependencies = { 'better-auth': '>=1.6.11 <1.7.0' }
      fakePackage(root, '@convex-dev/better-auth', { version: '0.12.5', peerDependencies })
    },
    /@convex-dev\/better-auth needs better-auth >=1\.6\.11 <1\.7\.0, and 1\.7\.2 is installed/,
    'npm install "better-auth@>=1.6.11 <1.7.0"',
  ],
  [
    'shared',
    'a package that libraries share, in two versions',
    (root) => fakePackage(root, '@tanstack/query-core', { version: '5.109.0' }),
    /query-core is installed in 2 versions, .*: 5\.109\.0 for the app; 5\.\d+\.\d+ for @tanstack\/react-query, /,
    `npm install @tanstack/query-core@${versionOf('@tanstack/query-core')}`,
  ],
  [
    'shared',
    'one that a library takes in an old version alone',
    (root) => {
      const old = { version: '1.0.0', peerDependencies: { react: '^18.0.0' } }
      edit(root, 'package.json', (text) => text.replace('"react":', '"old": "1.0.0",\n"react":'))
      fakePackage(root, 'old', old)
      fakePackage(root, 'old/node_modules/react', { version: '18.3.1' })
    },
    /react is installed in 2 versions, .*; 18\.3\.1 for old\./,
    'npm install old@latest',
  ],
  [
    'env-local',
    'no .env.local',
    (root) => rmSync(join(root, '.env.local')),
    /\.env\.local isn't there/,
    'npx convex init',
  ],
  [
    'env-local',
    'a URL that is missing',
    (root) => writeFileSync(join(root, '.env.local'), 'VITE_CONVEX_URL=http://127.0.0.1:1\n'),
    /VITE_CONVEX_SITE_URL is missing/,
    'npx convex init',
  ],
  [
    'env-local',
    'names that collide',
    (root) => appendFileSync(join(root, '.env.local'), 'CONVEX_SITE_URL=http://127.0.0.1:2\n'),
    /CONVEX_SITE_URL beside the VITE_ names/,
    'Take CONVEX_SITE_URL out of .env.local.',
  ],
  [
    'env-local',
    'the two URLs confused',
    (root) =>
      edit(root, '.env.local', (text) =>
        text.replace('http://127.0.0.1:1', 'https://a-b-1.convex.site'),
      ),
    /is the address that VITE_CONVEX_SITE_URL should have/,
    'Put the one on .convex.cloud there.',
  ],
  [
    'site-url',
    'another port in .env',
    (root) => edit(root, '.env', (text) => text.replace('PORT=3997', 'PORT=3996')),
    /SITE_URL is http:\/\/localhost:3997, and the app is served at http:\/\/localhost:3996/,
    'npx convex env set SITE_URL http://localhost:3996',
  ],
  [
    'callbacks',
    'a provider with one variable of two',
    (root) => appendFileSync(join(root, '.env.convex'), 'GITHUB_CLIENT_ID=Ov23\n'),
    /GitHub has GITHUB_CLIENT_ID without GITHUB_CLIENT_SECRET/,
    'npx convex env set GITHUB_CLIENT_SECRET',
  ],
  [
    'callbacks',
    'a SITE_URL that callbacks cannot begin with',
    (root) =>
      edit(root, '.env.convex', (text) => text.replace(/SITE_URL=.*/, 'SITE_URL=http://a/b/')),
    /SITE_URL is http:\/\/a\/b\/: callbacks begin with it/,
    'npx convex env set SITE_URL http://localhost:3997',
  ],
  [
    'callbacks',
    'no route that answers them',
    (root) => rmSync(join(root, 'src/routes/api/auth/$.ts')),
    /\$\.ts isn't there, which answers the callbacks/,
    'git checkout -- "src/routes/api/auth/$.ts"',
  ],
  [
    'convex-generated',
    'a module that the types do not name',
    (root) => writeFileSync(join(root, 'convex/notes.ts'), 'export const a = 1\n'),
    /api\.d\.ts doesn't name the modules/,
    'npx convex codegen',
  ],
  [
    'convex-generated',
    'a variable that the types do not have',
    (root) =>
      edit(root, 'convex/convex.config.ts', (text) =>
        text.replace(/^(\s*)SITE_URL:/m, '$1EXTRA_KEY: v.string(),\n$1SITE_URL:'),
      ),
    /server\.d\.ts has other variables/,
    'npm run dev',
  ],
  [
    'convex-generated',
    'a variable that the types still have',
    (root) =>
      edit(root, 'convex/convex.config.ts', (text) => text.replace(/^\s*SITE_URL:.*\n/m, '\n')),
    /server\.d\.ts has other variables/,
    'npm run dev',
  ],
  [
    'convex-generated',
    'a file that is lost',
    (root) => rmSync(join(root, 'convex/_generated/api.js')),
    /api\.js isn't there/,
    'npx convex codegen',
  ],
  [
    'route-tree',
    'a route that the tree does not name',
    (root) => writeFileSync(join(root, 'src/routes/about.tsx'), ''),
    /routeTree\.gen\.ts doesn't name the routes/,
    'npm run build',
  ],
  [
    'git-secrets',
    'a file of secrets that git tracks',
    (root) => git(root, 'add', '--force', '.env.convex'),
    /git tracks \.env\.convex/,
    'git rm --cached .env.convex',
  ],
  [
    'git-secrets',
    'one whose path has a blank in it',
    (root) => {
      mkdirSync(join(root, 'my dir'))
      writeFileSync(join(root, 'my dir/.env.local'), '')
      git(root, 'add', '--force', 'my dir/.env.local')
    },
    /git tracks my dir\/\.env\.local/,
    'git rm --cached "my dir/.env.local"',
  ],
  [
    'git-secrets',
    'the secret in a file that git tracks',
    (root) => {
      const secret = /BETTER_AUTH_SECRET=(\w+)/.exec(
        readFileSync(join(root, '.env.convex'), 'utf8'),
      )
      appendFileSync(join(root, 'README.md'), `\n${secret?.[1]}\n`)
      git(root, 'add', 'README.md')
    },
    /git tracks a secret in README\.md/,
    'Take it out of README.md.',
  ],
  ...[
    ['better-auth-secret-12345678901234567890', /published examples/],
    ['0f9a8b7c6d5e', /has 12 characters/],
    ['ab'.repeat(32), /repeats a few characters/],
  ].map(
    ([secret, message]) =>
      [
        'secret',
        `BETTER_AUTH_SECRET=${secret}`,
        (root: string) =>
          edit(root, '.env.convex', (text) =>
            text.replace(/BETTER_AUTH_SECRET=.*/, `BETTER_AUTH_SECRET=${secret}`),
          ),
        message as RegExp,
        'npx convex env set BETTER_AUTH_SECRET',
      ] as const,
  ),
]

const git = (root: string, ...args: string[]) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' })

const social = ['--no-tailwind', '--social', 'github', '--port', '3997']

describe('doctor without a deployment', () => {
  let root: string
  beforeEach(async () => {
    root = await makeRepository(...social)
    writeFileSync(join(root, '.env.local'), addresses)
    git(root, 'init', '--quiet')
    git(root, 'add', '--all')
  })

  test('finds nothing in a new repository but that no deployment is chosen', async () => {
    const before = snapshot(root)
    const { wrong, found } = await examine(root)
    expect(wrong).toEqual(['deployment'])
    expect(found('deployment')).toMatchObject({
      message: 'No Convex deployment is chosen yet.',
      fix: ['npx convex init'],
    })
    expect(found('callbacks')?.message).toContain('http://localhost:3997/api/auth/callback/github')
    expect(snapshot(root)).toEqual(before)
  })

  test.each(breaks)('%s: %s', async (id, _, breakIt, message, fix) => {
    breakIt(root)
    const { found } = await examine(root)
    expect(found(id)?.message).toMatch(message)
    expect(found(id)).toMatchObject({ ok: false, fix: expect.arrayContaining([fix]) })
  })

  test('node: one that is too old', async () => {
    edit(root, 'package.json', (text) => text.replace('>=22.12', '>=99.1'))
    const { found } = await examine(root)
    expect(found('node')).toMatchObject({
      ok: false,
      message: 'The app needs Node 99.1 or newer, and this is 24.4.0.',
    })
    edit(root, 'package.json', (text) => text.replace('>=99.1', '^22.12 || >=99'))
    expect((await examine(root)).found('node')).toMatchObject({
      ok: false,
      message: 'The app needs Node ^22.12 || >=99, and this is 24.4.0.',
    })
  })

  test("route-tree: in the form that the router's settings ask for", async () => {
    edit(root, 'src/routeTree.gen.ts', (text) =>
      text.replaceAll(/from '(\.\/routes\/.*)'/g, 'from "$1.tsx"'),
    )
    expect((await examine(root)).found('route-tree')?.ok).toBe(true)
  })

  test('peers and shared: what pnpm and Bun have beside the real folder of a library', async () => {
    const home = join(root, 'node_modules/.pnpm/lib@1.0.0')
    const peerDependencies = { core: '>=2' }
    fakePackage(home, 'lib', { version: '1.0.0', peerDependencies })
    fakePackage(home, 'core', { version: '2.1.0' })
    symlinkSync(join(home, 'node_modules/lib'), join(root, 'node_modules/lib'), 'junction')
    fakePackage(root, 'user', { version: '1.0.0', dependencies: { core: '2.0.0' } })
    fakePackage(root, 'user/node_modules/core', { version: '2.0.0' })
    const added = '"lib": "1.0.0",\n"user": "1.0.0",\n"react":'
    edit(root, 'package.json', (text) => text.replace('"react":', added))
    const { found } = await examine(root)
    expect(found('peers')).toMatchObject({ ok: true })
    expect(found('shared')).toMatchObject({
      ok: false,
      message: expect.stringContaining('2.1.0 for lib; 2.0.0 for user'),
      fix: ['npm install core@2.0.0'],
    })
  })

  test('what has not the form that it should have is taken for what is not there', async () => {
    const odd = {
      devDependencies: null,
      engines: { node: 22 },
      dependencies: { react: 19, x: '1' },
    }
    edit(root, 'package.json', (text) => JSON.stringify({ ...JSON.parse(text), ...odd }))
    fakePackage(root, 'x', { version: '1.0.0', peerDependencies: null, peerDependenciesMeta: 'y' })
    const { found } = await examine(root)
    expect(found('node')?.ok).toBe(true)
    expect(found('installed')?.message).toBe(
      '1 dependencies are installed as package.json has them.',
    )
    expect(found('peers')?.ok).toBe(true)
  })

  test.each(['1.6', 'abc', ''])(
    'security: "%s" is no version to know holes of',
    async (version) => {
      fakePackage(root, 'better-auth', { version })
      const { found } = await examine(root)
      expect(found('security')).toMatchObject({
        ok: null,
        message: `Known holes can't be checked: the installed better-auth has "${version}" for its version, which is none.`,
        fix: ['Remove node_modules/better-auth, then:', 'npm install'],
      })
    },
  )

  test.runIf(process.platform !== 'win32')('git-secrets: a link that leads nowhere', async () => {
    symlinkSync('loop', join(root, 'loop'))
    git(root, 'add', 'loop')
    expect((await examine(root)).found('git-secrets')?.ok).toBe(true)
  })

  test('git-secrets: where git can not say what it tracks', async () => {
    writeFileSync(join(root, '.git/index'), 'no index')
    const { found } = await examine(root)
    expect(found('git-secrets')?.ok).toBeNull()
    expect(found('git-secrets')?.message).toMatch(/can't be checked: git says:\n.*index/)
    rmSync(join(root, '.git'), { recursive: true })
    expect((await examine(root)).found('git-secrets')?.ok).toBe(true)
  })

  test('package-manager: one that is not there', async () => {
    const { found } = await examine(root, { PATH: emptyFolder() })
    expect(found('package-manager')).toMatchObject({
      ok: false,
      message: "npm isn't on the PATH, or doesn't run.",
    })
  })

  test('port: another program has it, or the app itself', async () => {
    let page = 'Something else'
    const server = createServer((_, response) => response.end(page))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    edit(root, '.env', (text) => text.replace('PORT=3997', `PORT=${port}`))
    const taken = await examine(root)
    expect(taken.found('port')).toMatchObject({
      ok: false,
      message: `Another program listens on port ${port}.`,
    })
    page = '<title>app</title>'
    expect((await examine(root)).found('port')?.ok).toBe(true)
    edit(root, '.env', (text) => text.replace(/^VITE_APP_NAME=.*$/m, 'VITE_APP_NAME="Me & Co."'))
    expect((await examine(root)).found('port')?.ok).toBe(false)
    page = '<title>Me &amp; Co.</title>'
    expect((await examine(root)).found('port')?.ok).toBe(true)
    edit(root, '.env', (text) => text.replace(`PORT=${port}`, 'PORT=3997'))
    appendFileSync(join(root, '.env.local'), `PORT=${port}\nVITE_APP_NAME=Other\n`)
    expect((await examine(root)).found('port')).toMatchObject({
      message: `Another program listens on port ${port}.`,
      fix: ['Stop it, or change PORT in .env.local and SITE_URL on the deployment.'],
    })
    server.close()
  })

  test('for people: a line for each, marked, with the command below it', async () => {
    renameSync(join(root, '.env.local'), join(root, 'elsewhere'))
    const { exitCode, stdout } = await cli(['doctor'], {
      cwd: join(root, 'src'),
      env: noDeployment,
    })
    expect(exitCode).toBe(1)
    expect(stdout).toContain("✗ .env.local isn't there.\n    npx convex init\n")
    expect(stdout).toContain('✓ git tracks no file with a secret.\n')
    expect(stdout).toContain("\n\nThe commands are for the app's folder: cd ..\n\n")
    expect(stdout).toMatch(/\d of 17 checks found something\.\n$/)
  })
})

/** Every dependency of a repository, as far as its package.json goes. */
function installFakes(root: string, names: (name: string, isDev: boolean) => boolean): void {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<'dependencies' | 'devDependencies', Record<string, string>>
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    if (names(name, name in devDependencies)) fakePackage(root, name, { version })
  }
}

describe('doctor says what it could not check', () => {
  /** What only the deployment tells. */
  const unknown = ['deployment', 'trusted-origins']
  let root: string
  beforeEach(async () => {
    root = join(emptyFolder(), 'app')
    renameSync(await makeRepository(...social), root)
    writeFileSync(join(root, '.env.local'), `${addresses}CONVEX_DEPLOYMENT=dev:a-b-1\n`)
  })

  test('where nothing is installed', async () => {
    const { wrong, open, found } = await examine(root)
    expect(wrong).toEqual(['installed'])
    expect(open).toEqual(['tested', 'security', 'peers', 'shared', ...unknown])
    // Plain, it would leave out those of development again where a setting says so.
    expect(found('installed')?.fix).toEqual(['npm install --include=dev --include=optional'])
    expect(found('peers')?.message).toContain('nothing is installed')
    const { stdout } = await cli(['doctor'], { cwd: root, env: noDeployment })
    expect(stdout).toMatch(/\n\? Peer dependencies can't be checked: nothing is installed\.\n/)
  })

  test('where the installation was stopped half way', async () => {
    installFakes(root, (name) => name < 'c')
    mkdirSync(join(root, 'node_modules/convex'))
    writeFileSync(join(root, 'node_modules/convex/package.json'), '{"na')
    const { wrong, open, found } = await examine(root)
    expect(wrong).toEqual(['installed'])
    expect(open).toEqual(['tested', 'peers', 'shared', 'deployment', 'trusted-origins'])
    expect(found('installed')?.message).toContain('convex')
  })

  test('where the development dependencies were left out', async () => {
    installFakes(root, (name, isDev) => !isDev && name !== 'convex')
    fakePackage(root, 'convex', { version: '1.48.0' })
    const { found } = await examine(root)
    expect(found('installed')?.fix).toEqual(['npm install --include=dev --include=optional'])
  })

  test("where Yarn's Plug'n'Play has the packages", async () => {
    writeFileSync(join(root, '../.pnp.js'), '')
    expect((await examine(root)).open).toContain('installed')
    // Whoever sets it up has another package manager than the folder above.
    const besides = await cli(['setup'], { cwd: root, env: { PATH: emptyFolder() } })
    expect(besides.stderr).toContain("npm isn't on the PATH, so nothing was installed")
    rmSync(join(root, '../.pnp.js'))
    writeFileSync(join(root, '.pnp.cjs'), '')
    mkdirSync(join(root, 'node_modules/.vite'), { recursive: true })
    const { wrong, open, found } = await examine(root)
    expect(wrong).toEqual([])
    expect(open).toEqual(['installed', 'tested', 'security', 'peers', 'shared', ...unknown])
    expect(found('installed')?.fix.join()).toContain('nodeLinker: node-modules')
    const setUp = await cli(['setup'], { cwd: root, env: noDeployment })
    expect(setUp.stderr).toContain('nodeLinker: node-modules')
    expect(setUp.exitCode).toBe(1)
  })

  test.each([
    ['absent', (path: string) => rmSync(path), /isn't there/],
    ['broken', (path: string) => writeFileSync(path, '{ "name": '), /is no JSON/],
    ['no object', (path: string) => writeFileSync(path, 'null'), /names no dependencies/],
    ['a list', (path: string) => writeFileSync(path, '[]'), /names no dependencies/],
    ['emptied', (path: string) => writeFileSync(path, '{}'), /names no dependencies/],
  ])('where package.json is %s', async (_, breakIt, message) => {
    breakIt(join(root, 'package.json'))
    // Where node itself would read the broken one, for what is preloaded.
    const { wrong, open, found } = await examine(root, { NODE_OPTIONS: undefined })
    expect(wrong).toEqual(['installed'])
    expect(open).toEqual(['node', 'tested', 'security', 'peers', 'shared', ...unknown])
    expect(found('installed')?.message).toMatch(message)
    const [fix = ''] = found('installed')?.fix ?? []
    expect(fix).toContain('git checkout -- package.json')
    // What is there may have work in it that no commit has.
    expect(fix.startsWith('Correct it, or ')).toBe(existsSync(join(root, 'package.json')))
    const setUp = await cli(['setup'], { cwd: root, env: noDeployment })
    expect(setUp.stderr).toMatch(message)
    expect(setUp.stderr).not.toContain('Done:')
  })

  test('where package.json is in UTF-16, which no package manager reads', async () => {
    const path = join(root, 'package.json')
    writeFileSync(path, Buffer.from(`\ufeff${readFileSync(path, 'utf8')}`, 'utf16le'))
    const { wrong, found } = await examine(root, { NODE_OPTIONS: undefined })
    expect(wrong).toEqual(['installed'])
    expect(found('installed')?.fix).toEqual(['Save package.json as plain UTF-8.'])
  })

  test('where no secret is known', async () => {
    rmSync(join(root, '.env.convex'))
    git(root, 'init', '--quiet')
    git(root, 'add', '--all')
    const { open } = await examine(root)
    const without = ['site-url', 'trusted-origins', 'git-secrets', 'secret']
    expect(open).toEqual(expect.arrayContaining(without))
    writeFileSync(join(root, '.env.convex'), 'SITE_URL=\nBETTER_AUTH_SECRET=\n')
    const empty = await examine(root)
    expect(empty.open).toEqual(expect.arrayContaining(['site-url', 'git-secrets']))
    expect(empty.wrong).toContain('secret')
  })

  test('a package.json with a byte order mark is read', async () => {
    edit(root, 'package.json', (text) => `\ufeff${text}`)
    const { found } = await examine(root)
    expect(found('node')?.ok).toBe(true)
    expect(found('installed')?.message).toContain('Not installed: @convex-dev/better-auth')
  })

  test('PORT that is none', async () => {
    edit(root, '.env', (text) => text.replace('PORT=3997', 'PORT=abc'))
    const { wrong, found } = await examine(root)
    expect(wrong).toEqual(['installed', 'port'])
    expect(found('port')?.message).toBe('PORT in .env is "abc", which is no port.')
    const { stdout } = await cli(['env'], { cwd: root, env: noDeployment })
    expect(stdout).toContain('SITE_URL http://localhost:3997')
    writeFileSync(join(root, '.env.development'), 'PORT=\n')
    expect((await examine(root)).found('port')?.message).toBe(
      'PORT in .env.development is "", which is no port.',
    )
  })

  test.each([
    ['UTF-8 with a byte order mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['UTF-16', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-16', (text: string) => Buffer.from(text, 'utf16le').swap16()],
  ])('.env.local in %s is read, and said', async (encoding, encode) => {
    const path = join(root, '.env.local')
    writeFileSync(path, encode(readFileSync(path, 'utf8')))
    const { wrong, found } = await examine(root)
    expect(wrong).toEqual(['installed', 'env-local'])
    expect(found('env-local')).toMatchObject({
      message: `.env.local is saved as ${encoding}: Vite and Convex misread it.`,
      fix: ['Save .env.local as plain UTF-8.'],
    })
    installFakes(root, () => true)
    const setUp = await cli(['setup'], { cwd: root, env: noDeployment })
    expect(setUp.stderr).toContain(`.env.local is saved as ${encoding}`)
    expect(setUp.exitCode).toBe(1)
  })
})

describe('doctor with a deployment', () => {
  let root: string
  let deployment: Deployment
  let values: Record<string, string>
  beforeAll(async () => {
    const appDir = join(import.meta.dirname, '../../template-base')
    deployment = await startDeployment({ appDir, functions: false })
  })
  afterAll(() => deployment.stop())
  beforeEach(async () => {
    root = await makeRepository(...social)
    writeFileSync(
      join(root, '.env.local'),
      `VITE_CONVEX_URL=${deployment.url}\nVITE_CONVEX_SITE_URL=${deployment.siteUrl}\n`,
    )
    values = {
      SITE_URL: 'http://localhost:3997',
      BETTER_AUTH_SECRET: 'f3a9c1d57b20e8461a9c0d5e7f3b2846',
      GITHUB_CLIENT_ID: 'Ov23liAbCdEf',
      GITHUB_CLIENT_SECRET: '00aa11bb22cc33dd44ee55ff',
    }
    await changeVariables(deployment, values)
    edit(root, '.env.convex', (text) =>
      text.replace(/BETTER_AUTH_SECRET=.*/, `BETTER_AUTH_SECRET=${values['BETTER_AUTH_SECRET']}`),
    )
  })

  test('all is well: exit 0, and no secret is shown', async () => {
    const run = await cli(['doctor', '--json'], {
      cwd: root,
      env: { ...pointAt(deployment), ...newerNode },
    })
    expect(run.stdout).toContain('"ok": true')
    expect(run.exitCode, run.stdout).toBe(0)
    for (const secret of [values['BETTER_AUTH_SECRET'], values['GITHUB_CLIENT_SECRET']]) {
      expect(run.stdout + run.stderr).not.toContain(secret)
    }
  })

  test('what the deployment lacks and has wrong', async () => {
    await changeVariables(deployment, {
      SITE_URL: 'http://localhost:4000',
      BETTER_AUTH_SECRET: 'change-me',
      GITHUB_CLIENT_SECRET: null,
    })
    const { wrong, found } = await examine(root, pointAt(deployment))
    expect(wrong).toEqual(['deployment', 'site-url', 'callbacks', 'secret'])
    expect(found('deployment')).toMatchObject({
      message: expect.stringContaining('lacks GITHUB_CLIENT_SECRET (optional'),
      fix: ['npx convex env set GITHUB_CLIENT_SECRET'],
    })
    expect(found('secret')?.message).toContain('BETTER_AUTH_SECRET of the deployment')
  })

  test('what is empty there is lacking, and nothing else is wrong with it', async () => {
    await changeVariables(deployment, { SITE_URL: '' })
    const { wrong, found } = await examine(root, pointAt(deployment))
    expect(wrong).toEqual(['deployment'])
    expect(found('deployment')?.fix).toEqual(['npx convex env set SITE_URL http://localhost:3997'])
  })

  test('a secret that was changed on one side only', async () => {
    appendFileSync(
      join(root, '.env.convex'),
      `BETTER_AUTH_SECRET=${'0f1e2d3c4b5a6978'.repeat(3)}\n`,
    )
    const { wrong, found } = await examine(root, pointAt(deployment))
    expect(wrong).toEqual(['secret'])
    expect(found('secret')?.message).toMatch(
      /another than that of \.env\.convex.*signs everyone out/,
    )
  })

  test('an optional variable may be absent, and may not name what the app refuses', async () => {
    const absent = await examine(root, pointAt(deployment))
    expect(absent.found('deployment')?.ok).toBe(true)
    expect(absent.found('trusted-origins')?.ok).toBe(true)
    const listed = await cli(['env', '--check'], { cwd: root, env: pointAt(deployment) })
    expect(listed.exitCode, listed.stdout).toBe(0)
    for (const refused of ['https://*.vercel.app', 'https://*.co.uk']) {
      await changeVariables(deployment, { TRUSTED_ORIGINS: `https://a.example, ${refused}` })
      const { found } = await examine(root, pointAt(deployment))
      expect(found('trusted-origins')).toMatchObject({
        ok: false,
        message: expect.stringContaining(`has ${refused}, which the app doesn't trust`),
      })
    }
    await changeVariables(deployment, { TRUSTED_ORIGINS: null })
    appendFileSync(join(root, '.env.convex'), 'TRUSTED_ORIGINS=https://*.vercel.app\n')
    const applied = await cli(['env', '--apply'], { cwd: root, env: pointAt(deployment) })
    expect(applied.stderr).toContain('TRUSTED_ORIGINS in .env.convex has https://*.vercel.app,')
    expect(applied.exitCode).toBe(1)
  })

  test('what mails need is needed where the site is not on this machine', async () => {
    const mailing = await makeRepository('--no-tailwind', '--no-social', '--email')
    await changeVariables(deployment, { SITE_URL: 'http://localhost:3000' })
    const local = await examine(mailing, pointAt(deployment))
    expect(local.found('deployment')?.ok).toBe(true)
    await changeVariables(deployment, { SITE_URL: 'https://your-app.example' })
    const elsewhere = await examine(mailing, pointAt(deployment))
    expect(elsewhere.found('deployment')).toMatchObject({
      ok: false,
      message: expect.stringMatching(/lacks RESEND_API_KEY, which .* lacks EMAIL_FROM, which/s),
      fix: ['npx convex env set RESEND_API_KEY', 'npx convex env set EMAIL_FROM'],
    })
    const listed = await cli(['env', '--check', '--json'], {
      cwd: mailing,
      env: pointAt(deployment),
    })
    expect(listed.exitCode).toBe(1)
    expect(JSON.parse(listed.stdout)).toMatchObject({ missing: ['RESEND_API_KEY', 'EMAIL_FROM'] })
  })

  test('a deployment that does not answer', async () => {
    const dead = { url: 'http://127.0.0.1:9', adminKey: 'x' }
    const { found } = await examine(root, pointAt(dead))
    expect(found('deployment')).toMatchObject({
      ok: false,
      message: "The deployment doesn't answer.",
    })
  })
})
