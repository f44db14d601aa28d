import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { firstCommit } from '../../../src/setup/git.ts'

const identity = '[user]\nname = Ada\nemail = ada@example.com\n'

let folder: string
let cwd: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'git-')))
  cwd = join(folder, 'app')
  mkdirSync(cwd)
  writeFileSync(join(cwd, '.gitignore'), '.env.convex\n')
  writeFileSync(join(cwd, '.env.convex'), 'SECRET=1\n')
  writeFileSync(join(cwd, 'a.txt'), 'a\n')
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** An environment whose git knows this configuration and no other. */
function withConfig(config: string): Record<string, string> {
  const file = join(folder, 'gitconfig')
  writeFileSync(file, config)
  return {
    GIT_CONFIG_GLOBAL: file,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CEILING_DIRECTORIES: folder,
    EMAIL: '',
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8' }).trim()
}

test('commits everything but what is ignored, on main', async () => {
  const result = await firstCommit({ cwd, env: withConfig(identity) })
  expect(result).toEqual({ committed: true })
  expect(git('ls-files')).toBe('.gitignore\na.txt')
  expect(git('log', '--format=%an %s')).toBe('Ada Initial commit')
  expect(git('branch', '--show-current')).toBe('main')
  expect(git('status', '--porcelain')).toBe('')
})

test("calls the branch what the user's git calls it", async () => {
  await firstCommit({ cwd, env: withConfig(`${identity}[init]\ndefaultBranch = trunk\n`) })
  expect(git('branch', '--show-current')).toBe('trunk')
})

test("commits what is named, whatever the user's own gitignore hides", async () => {
  const hidden = join(folder, 'ignore')
  writeFileSync(hidden, '.env\n*.txt\n[ab]\n')
  const env = withConfig(`${identity}[core]\nexcludesFile = ${hidden.replaceAll('\\', '/')}\n`)
  for (const name of ['.env', 'a', '$.ts', '[x].ts']) writeFileSync(join(cwd, name), 'x\n')
  const files = ['.env', '.gitignore', 'a.txt', 'a', '$.ts', '[x].ts']
  expect(await firstCommit({ cwd, env, files })).toEqual({ committed: true })
  expect(git('ls-files').split('\n')).toEqual(expect.arrayContaining(files))
  expect(git('ls-files')).not.toContain('.env.convex')
})

test('leaves a repository that is around it alone', async () => {
  const env = withConfig(identity)
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  const result = await firstCommit({
    cwd,
    env: { ...env, GIT_CEILING_DIRECTORIES: '' },
  })
  expect(result.committed).toBe(false)
  expect(result.problem).toContain(`in the repository ${folder} already`)
  expect(git('ls-files')).toBe('')
})

test('in a repository that ignores files, what is printed adds each of them', async () => {
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  writeFileSync(join(folder, '.gitignore'), 'lib/\n')
  mkdirSync(join(cwd, 'lib'))
  const files = ['$.ts', '[x].ts', 'ä b.ts', 'a,b.ts'].map((name) => `lib/${name}`)
  for (const path of files) writeFileSync(join(cwd, path), 'x\n')
  const env = { ...withConfig(identity), GIT_CEILING_DIRECTORIES: '' }
  const { problem = '' } = await firstCommit({ cwd, env, files })
  execFileSync(problem.split('\n').at(-1) ?? '', { cwd, shell: true })
  expect(git('-c', 'core.quotePath=false', 'ls-files').split('\n').sort()).toEqual(files.sort())
})

test('without an identity it stages the files and says how to go on', async () => {
  const result = await firstCommit({ cwd, env: withConfig('') })
  expect(result.committed).toBe(false)
  expect(result.problem).toContain('git config --global user.name')
  expect(git('ls-files')).toBe('.gitignore\na.txt')
})

test('a hook that refuses is reported in its own words', async () => {
  const hooks = join(folder, 'hooks')
  mkdirSync(hooks)
  writeFileSync(join(hooks, 'pre-commit'), '#!/bin/sh\necho no ticket number >&2\nexit 1\n', {
    mode: 0o755,
  })
  const config = `${identity}[core]\nhooksPath = ${hooks.replaceAll('\\', '/')}\n`
  const result = await firstCommit({ cwd, env: withConfig(config) })
  expect(result.committed).toBe(false)
  expect(result.problem).toContain('no ticket number')
  expect(result.problem).toContain('\ngit commit -m "Initial commit"')
})

test('without git it says so', async () => {
  const env = { ...withConfig(identity), PATH: folder, Path: folder }
  expect(await firstCommit({ cwd, env })).toEqual({
    committed: false,
    problem: "No first commit: git isn't on the PATH.",
  })
})
