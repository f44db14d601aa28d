import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { cli, emptyFolder, start } from '../helpers/cli.ts'
import { programs, run } from '../helpers/run.ts'

const plain = ['--no-tailwind', '--no-social', '--no-install', '--yes']

const README = '# shop\n\nOur shop, since 1900.\n'

/** A repository as a host makes it: a first commit with a README, a licence and a .gitignore. */
function cloned(files: Readonly<Record<string, string>> = {}): { parent: string; shop: string } {
  const parent = emptyFolder()
  const shop = join(parent, 'shop')
  mkdirSync(shop)
  execFileSync('git', ['init', '--quiet', shop])
  const ignore = '# Logs\nlogs\n.env\n.env.*\nlib/\n'
  const all = { 'README.md': README, LICENSE: 'MIT\n', '.gitignore': ignore, ...files }
  for (const [path, text] of Object.entries(all)) writeFileSync(join(shop, path), text)
  return { parent, shop }
}

const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', args, { cwd, encoding: 'utf8' }).trim()

describe('into a repository that was just cloned', () => {
  test('keeps what is there, and adds to it', async () => {
    const { parent, shop } = cloned()
    chmodSync(join(shop, 'README.md'), 0o600)
    const created = await cli(['shop', ...plain], { cwd: parent })
    expect(created).toMatchObject({ exitCode: 0, stderr: '' })
    const readme = readFileSync(join(shop, 'README.md'), 'utf8')
    expect(readme.startsWith(README)).toBe(true)
    expect(readme).toContain('## Start')
    expect(readme).not.toContain('# shop\n\nA [TanStack')
    expect(statSync(join(shop, 'README.md')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(shop, 'LICENSE'), 'utf8')).toBe('MIT\n')
    expect(created.stdout).toContain('What was in .gitignore, README.md is kept')
    // No commit of ours in a repository of theirs; nor is a secret in the next one.
    expect(git(shop, 'status', '--porcelain', '--ignored')).toContain('!! .env.convex')
    expect(() => git(shop, 'rev-parse', 'HEAD')).toThrow()
  })

  test('what its .gitignore hides of the app is in, or named', async () => {
    const { parent, shop } = cloned({ '.gitignore': '.env\n.env.*\nlib/\nauth/\n' })
    const { stdout } = await cli(['shop', ...plain], { cwd: parent })
    git(shop, 'add', '--all')
    const staged = git(shop, 'ls-files').split('\n')
    expect(staged).toContain('.env')
    expect(staged).toContain('.env.example')
    expect(staged).not.toContain('src/lib/auth.ts')
    expect(stdout).toMatch(/It ignores \d+ files of the app.*in the app's folder:\n/)
    const [command = ''] = /git add --force .*/.exec(stdout) ?? []
    execFileSync(command, { cwd: shop, shell: true })
    expect(git(shop, 'ls-files')).toContain('src/routes/api/auth/$.ts')
    expect(git(shop, 'status', '--porcelain', '--ignored').match(/^!!.*$/gm)).toEqual([
      '!! .env.convex',
    ])
  })

  test.each(['package.json', 'src'])(
    '%s in the way is refused, and nothing changes',
    async (name) => {
      const { parent, shop } = cloned({ [name]: 'mine\n' })
      const created = await cli(['shop', ...plain], { cwd: parent })
      expect(created.exitCode).toBe(1)
      expect(created.stderr).toContain(name)
      expect(readdirSync(shop).sort()).toEqual(
        ['.git', '.gitignore', 'LICENSE', 'README.md', name].sort(),
      )
      expect(readFileSync(join(shop, 'README.md'), 'utf8')).toBe(README)
    },
  )

  test('a README that is a link, or no repository around it, is refused', async () => {
    const { parent, shop } = cloned()
    execFileSync('mv', ['README.md', '../real.md'], { cwd: shop })
    symlinkSync('../real.md', join(shop, 'README.md'))
    expect((await cli(['shop', ...plain], { cwd: parent })).stderr).toContain('README.md')
    expect(readFileSync(join(parent, 'real.md'), 'utf8')).toBe(README)
    mkdirSync(join(parent, 'folder'))
    writeFileSync(join(parent, 'folder/README.md'), README)
    const created = await cli(['folder', ...plain], { cwd: parent })
    expect(created.exitCode).toBe(1)
    expect(created.stderr).toContain('would be overwritten: README.md')
  })

  test('Ctrl-C brings back every byte', async () => {
    const { parent, shop } = cloned()
    const before = git(shop, 'status', '--porcelain')
    const bin = join(parent, 'bin')
    mkdirSync(bin)
    // An installation that takes long.
    writeFileSync(join(bin, 'npm'), '#!/bin/sh\ntouch started\nexec sleep 60\n', { mode: 0o755 })
    const args = ['shop', '--no-tailwind', '--no-social', '--yes', '--pm', 'npm']
    const { child, done } = start(args, {
      cwd: parent,
      env: { PATH: `${bin}:${process.env['PATH']}` },
    })
    await expect.poll(() => existsSync(join(shop, 'started'))).toBe(true)
    child.kill('SIGINT')
    expect((await done).exitCode).toBe(130)
    expect(readFileSync(join(shop, 'README.md'), 'utf8')).toBe(README)
    execFileSync('rm', ['started'], { cwd: shop })
    expect(git(shop, 'status', '--porcelain')).toBe(before)
    expect(readdirSync(shop).sort()).toEqual(['.git', '.gitignore', 'LICENSE', 'README.md'])
  })
})

test('where Corepack runs us, package.json and CI name the version that runs', async () => {
  const cwd = emptyFolder()
  const env = {
    COREPACK_ROOT: '/corepack',
    npm_config_user_agent: 'pnpm/12.1.0 npm/? node/v24.0.0',
  }
  await cli(['one', ...plain, '--no-git'], { cwd, env })
  const manifest = (name: string) => readFileSync(join(cwd, name, 'package.json'), 'utf8')
  const ci = (name: string) => readFileSync(join(cwd, name, '.github/workflows/ci.yml'), 'utf8')
  expect(JSON.parse(manifest('one'))).toMatchObject({ packageManager: 'pnpm@12.1.0' })
  expect(ci('one')).not.toContain('version: 12')
  await cli(['two', ...plain, '--no-git'], { cwd, env: { ...env, COREPACK_ROOT: undefined } })
  await cli(['three', ...plain, '--no-git', '--pm', 'npm'], { cwd, env })
  for (const name of ['two', 'three']) expect(manifest(name)).not.toContain('packageManager')
  expect(ci('two')).toContain('version: 12')
})

test('Deno is told that it is not supported, and how to go on', async () => {
  const cwd = emptyFolder()
  const deno = join(await programs('deno'), 'deno')
  const underDeno = (...more: string[]) =>
    run(deno, ['run', '--allow-all', inject('installed').bin, 'app', ...plain, ...more], { cwd })
  const refused = await underDeno('--no-git')
  expect(refused.exitCode).toBe(2)
  expect(refused.output).toMatch(/Deno can't be.*\n.*--pm npm/)
  expect(readdirSync(cwd)).toEqual([])
  expect(await underDeno('--no-git', '--pm', 'npm')).toMatchObject({ exitCode: 0 })
})
