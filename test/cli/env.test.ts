import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startDeployment } from '../deployment/server.ts'
import type { Deployment } from '../deployment/server.ts'
import { cli, emptyFolder } from '../helpers/cli.ts'
import { makeRepository, noDeployment, pointAt } from '../helpers/repository.ts'
import { changeVariables } from '../helpers/variables.ts'

const flags = ['--no-tailwind', '--social', 'github', '--port', '3996']
const secretOf = (root: string) =>
  String(/BETTER_AUTH_SECRET=(\w+)/.exec(readFileSync(join(root, '.env.convex'), 'utf8'))?.[1])

describe('env prints', () => {
  test('the commands for what the project uses, from a subfolder, and no secret', async () => {
    const root = await makeRepository(...flags)
    const run = await cli(['env'], { cwd: join(root, 'src/routes'), env: noDeployment })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    for (const line of [
      'npx convex env set --from-file .env.convex',
      'npx convex env set SITE_URL http://localhost:3996',
      'npx convex env set BETTER_AUTH_SECRET',
      'http://localhost:3996/api/auth/callback/github',
      'npx convex env set GITHUB_CLIENT_SECRET',
    ]) {
      expect(run.stdout).toMatch(new RegExp(`${line.replaceAll(/[/.]/g, '\\$&')}\n`))
    }
    expect(run.stdout).not.toMatch(/GOOGLE/)
    expect(run.stdout).not.toContain(secretOf(root))
  })

  test('the port of the file that Vite would take it from', async () => {
    const root = await makeRepository(...flags)
    const files = ['.env.local', '.env.development', '.env.development.local']
    for (const [index, file] of files.entries()) {
      writeFileSync(join(root, file), `PORT=${4100 + index}\n`)
      const { stdout } = await cli(['env'], { cwd: root, env: noDeployment })
      expect(stdout).toContain(`SITE_URL http://localhost:${4100 + index}\n`)
    }
  })

  test('what the code declares now, not what it did once', async () => {
    const root = await makeRepository(...flags)
    const types = join(root, 'convex/_generated/server.d.ts')
    const text = readFileSync(types, 'utf8')
      .replace(/^.*GITHUB_CLIENT_ID.*\n/m, '')
      .replace(/^.*GITHUB_CLIENT_SECRET.*\n/m, '')
      .replace(
        /^ {2}readonly SITE_URL.*\n/m,
        '$&  readonly STRIPE_KEY: string;\n  readonly plan: "a" | "b" | undefined;\n',
      )
    writeFileSync(types, text)
    const { stdout } = await cli(['env', '--json'], { cwd: root, env: noDeployment })
    const { variables } = JSON.parse(stdout) as { variables: { name: string }[] }
    expect(variables.map(({ name }) => name)).toEqual([
      'SITE_URL',
      'BETTER_AUTH_SECRET',
      'TRUSTED_ORIGINS',
      'STRIPE_KEY',
      'plan',
    ])
  })

  test('which deployment it is about, where npm may have kept --prod for itself', async () => {
    const npm = { npm_config_user_agent: 'npm/11.6.0 node/v24.0.0', NODE_ENV: 'production' }
    const cwd = await makeRepository(...flags)
    const { stderr } = await cli(['env'], { cwd, env: { ...noDeployment, ...npm } })
    expect(stderr).toContain('about the development deployment. If you gave --prod')
    expect(stderr).toContain('npm create start-convex-auth@latest env -- --prod\n')
    const said = await cli(['env', '--prod'], { cwd, env: { ...noDeployment, ...npm } })
    expect(said.stderr).toBe('')
  })

  test('production, with its address', async () => {
    const root = await makeRepository(...flags)
    const args = ['env', '--prod', '--site-url', 'https://shop.example/']
    const { stdout } = await cli(args, { cwd: root, env: noDeployment })
    expect(stdout).toContain('npx convex env set --prod SITE_URL https://shop.example\n')
    expect(stdout).toContain('npx convex env set --prod BETTER_AUTH_SECRET\n')
    expect(stdout).toContain('https://shop.example/api/auth/callback/github\n')
    expect(stdout).not.toMatch(/localhost|from-file/)
  })
})

describe('env refuses', () => {
  test.each([
    ['--apply with --check', ['--apply', '--check'], /contradict/],
    ['--prod --apply without an address', ['--prod', '--apply'], /needs the address/],
    ['an address with a path', ['--site-url', 'https://a.example/x'], /isn't the address/],
    ['another word', ['SITE_URL'], /env takes no "SITE_URL"/],
  ])('%s', async (_, args, message) => {
    const run = await cli(['env', ...args], { cwd: emptyFolder() })
    expect(run.exitCode).toBe(2)
    expect(run.stderr).toMatch(message)
  })

  test.each(['env', 'doctor', 'setup'])('%s in a repository that is not ours', async (command) => {
    const cwd = emptyFolder()
    writeFileSync(join(cwd, 'package.json'), '{}')
    const run = await cli([command, '--json'], { cwd })
    expect(run.exitCode).toBe(2)
    expect(JSON.parse(run.stdout)).toEqual({
      error: {
        message: expect.stringContaining(`${cwd} isn't in an app that`),
        fix: "Run it in the app's folder.",
        exitCode: 2,
      },
    })
  })

  test.each([
    ['{ "schemaVersion": 1', /\.start-convex-auth\.json is damaged/, /git checkout/],
    ['{ "schemaVersion": 1 }', /is damaged/, /git checkout/],
    [
      '{ "schemaVersion": 99, "generator": "create-start-convex-auth@9.1.0" }',
      /written by a newer create-start-convex-auth \(9\.1\.0\)/,
      /@latest/,
    ],
  ])('a record such as %s', async (text, message, fix) => {
    const cwd = emptyFolder()
    writeFileSync(join(cwd, '.start-convex-auth.json'), text)
    mkdirSync(join(cwd, 'src'))
    const run = await cli(['doctor'], { cwd: join(cwd, 'src') })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toMatch(message)
    expect(run.stderr).toMatch(fix)
  })
})

describe('env asks the deployment', () => {
  let deployment: Deployment
  beforeAll(async () => {
    const appDir = join(import.meta.dirname, '../../template-base')
    deployment = await startDeployment({ appDir, functions: false })
  })
  afterAll(() => deployment.stop())
  beforeEach(() =>
    changeVariables(
      deployment,
      Object.fromEntries([...deployment.env.keys()].map((name) => [name, null])),
    ),
  )
  const on = (root: string, ...args: string[]) =>
    cli(['env', ...args], { cwd: root, env: pointAt(deployment) })

  test('--check says what is missing and exits 1, --apply sets it; then the project moves', async () => {
    const root = await makeRepository(...flags)
    const missing = await on(root, '--check', '--json')
    expect(missing.exitCode).toBe(1)
    expect(JSON.parse(missing.stdout)).toMatchObject({
      deployment: 'development',
      missing: ['SITE_URL', 'BETTER_AUTH_SECRET', 'GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'],
    })
    const applied = await on(root, '--apply')
    expect(applied.exitCode, applied.stderr).toBe(0)
    expect(Object.fromEntries(deployment.env)).toEqual({
      SITE_URL: 'http://localhost:3996',
      BETTER_AUTH_SECRET: secretOf(root),
    })
    expect(applied.stdout).toContain('lacks GITHUB_CLIENT_ID (optional)')
    expect(applied.stdout + applied.stderr).not.toContain(secretOf(root))
    await changeVariables(deployment, { GITHUB_CLIENT_ID: 'a', GITHUB_CLIENT_SECRET: 'b' })
    const moved = join(root, '../moved elsewhere')
    renameSync(root, moved)
    const all = await on(moved, '--check')
    expect(all.stdout).toContain('✓ The deployment has every variable of the app.')
    expect(all.exitCode).toBe(0)
  })

  test.each([undefined, 'SITE_URL=\nMINE=1\n', 'SITE_URL=http://localhost:3996\n'])(
    'without a secret in .env.convex, which is %j, it makes one, once',
    async (text) => {
      const root = await makeRepository(...flags)
      if (text === undefined) rmSync(join(root, '.env.convex'))
      else writeFileSync(join(root, '.env.convex'), text)
      expect((await on(root, '--apply')).exitCode).toBe(0)
      const set = Object.fromEntries(deployment.env)
      expect(set).toMatchObject({
        SITE_URL: 'http://localhost:3996',
        BETTER_AUTH_SECRET: expect.stringMatching(/^[0-9a-f]{64}$/),
        ...(text?.includes('MINE') && { MINE: '1' }),
      })
      expect((await on(root, '--apply')).exitCode).toBe(0)
      expect(Object.fromEntries(deployment.env)).toEqual(set)
    },
  )

  const address = ['--site-url', 'http://localhost:3996']

  test.each([[[]], [address]])(
    'what is empty there counts as missing, and is set: %j',
    async (args) => {
      const root = await makeRepository(...flags)
      await changeVariables(deployment, { SITE_URL: '', BETTER_AUTH_SECRET: '' })
      const missing = await on(root, '--check', '--json', ...args)
      expect(missing.exitCode).toBe(1)
      expect(JSON.parse(missing.stdout)).toMatchObject({
        missing: ['SITE_URL', 'BETTER_AUTH_SECRET', 'GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'],
      })
      const applied = await on(root, '--apply', ...args)
      expect(applied.exitCode, applied.stderr).toBe(0)
      expect(Object.fromEntries(deployment.env)).toEqual({
        SITE_URL: 'http://localhost:3996',
        BETTER_AUTH_SECRET: secretOf(root),
      })
    },
  )

  test('an empty secret in .env.convex is refused, also where the deployment has one', async () => {
    const root = await makeRepository(...flags)
    writeFileSync(join(root, '.env.convex'), 'BETTER_AUTH_SECRET=""\n')
    for (const args of [
      ['env', '--apply'],
      ['env', '--apply', ...address],
      ['setup', '--yes'],
    ]) {
      const { exitCode, stderr } = await cli(args, { cwd: root, env: pointAt(deployment) })
      expect(stderr).toContain('BETTER_AUTH_SECRET in .env.convex is empty')
      expect(stderr).toContain('node -p "crypto.randomBytes')
      expect(exitCode).toBe(1)
      expect(deployment.env.get('BETTER_AUTH_SECRET') ?? 'mine').toBe('mine')
      await changeVariables(deployment, { BETTER_AUTH_SECRET: 'mine' })
    }
  })

  test('a variable with another value is left alone, and named', async () => {
    const root = await makeRepository(...flags)
    const before = { SITE_URL: 'https://mine.example', BETTER_AUTH_SECRET: 'mine' }
    await changeVariables(deployment, before)
    const run = await on(join(root, 'src'), '--apply')
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toMatch(/BETTER_AUTH_SECRET.* have other values on the deployment/)
    expect(run.stderr).toMatch(/^ +cd \.\.\n +See them: npx convex/m)
    expect(run.stderr).toContain('npx convex env set --force --from-file .env.convex')
    expect(Object.fromEntries(deployment.env)).toEqual(before)
  })

  test('colours that are forced on programs disturb nothing', async () => {
    const root = await makeRepository(...flags)
    const colored = { ...pointAt(deployment), FORCE_COLOR: '3' }
    const run = (...args: string[]) => cli(['env', ...args], { cwd: root, env: colored })
    expect((await run('--apply')).exitCode).toBe(0)
    const { stdout } = await run('--check', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      missing: ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'],
    })
    await changeVariables(deployment, { SITE_URL: 'https://mine.example' })
    const { stderr } = await run('--apply')
    expect(stderr).toContain('SITE_URL has another value on the deployment, and stayed as it was.')
  })

  test.each(['.env.local', '.env.convex'])(
    '%s in UTF-16 is said, and nothing is set',
    async (name) => {
      const root = await makeRepository(...flags)
      writeFileSync(join(root, name), Buffer.from('\ufeffSITE_URL=http://localhost:1\n', 'utf16le'))
      for (const flag of ['--apply', '--check']) {
        const { exitCode, stderr } = await on(join(root, 'src'), flag)
        expect(stderr).toContain(`${name} is saved as UTF-16`)
        expect(stderr).not.toMatch(/^ *cd /m)
        expect(exitCode).toBe(1)
      }
      expect(deployment.env.size).toBe(0)
    },
  )

  test('a Convex CLI that is missing, or too old', async () => {
    const root = await makeRepository(...flags)
    const fake = join(root, 'node_modules/convex')
    mkdirSync(fake, { recursive: true })
    writeFileSync(join(fake, 'package.json'), '{ "version": "1.30.1" }')
    const old = await on(root, '--check')
    expect(old).toMatchObject({ exitCode: 1 })
    expect(old.stderr).toMatch(/The Convex CLI is 1\.30\.1, and \S+ or newer is needed/)
    expect(old.stderr).toContain('npm install convex@latest')
    expect(old.stderr).not.toMatch(/^ *cd /m)
    const below = await on(join(root, 'src'), '--check')
    expect(below.stderr).toMatch(/^ +cd \.\.\n +npm install convex@latest\n/m)
    const alone = join(emptyFolder(), 'alone')
    rmSync(fake, { recursive: true })
    renameSync(root, alone)
    const missing = await on(alone, '--check')
    expect(missing.stderr).toMatch(/The Convex CLI isn't installed\.\n +npm install\n/)
  })
})
