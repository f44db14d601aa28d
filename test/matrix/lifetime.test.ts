import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { gitRepository } from '../helpers/git.ts'
import type { GitRepository } from '../helpers/git.ts'
import { NEXT, nextRelease } from '../helpers/next-release.ts'
import { startRegistry } from '../helpers/registry.ts'
import type { Published, Registry } from '../helpers/registry.ts'
import { complaints, pathFor, runWell } from '../helpers/run.ts'

const home = realpathSync(mkdtempSync(join(tmpdir(), 'lifetime-')))
const cwd = join(home, 'app')
const { bin, tarball, folder } = inject('installed')
const nextBin = join(home, 'next/dist/bin.cjs')
let env: Readonly<Record<string, string>>
let registry: Registry
let repository: GitRepository

/** One app, which the commands themselves install; the tests are its life, in their order. */
beforeAll(async () => {
  env = { PATH: await pathFor() }
  const fixed = ['--no-tailwind', '--no-social', '--pm', 'npm', '--no-install', '--no-git', '--yes']
  await runWell(process.execPath, [bin, 'app', ...fixed], { cwd: home, env })
  const manifest = join(folder, 'node_modules/create-start-convex-auth/package.json')
  const present = JSON.parse(readFileSync(manifest, 'utf8')) as Published
  const next = nextRelease(join(home, 'next'), { 'happy-dom': '21.0.3' })
  const npm = { cwd, encoding: 'utf8', shell: process.platform === 'win32' } as const
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], npm).trim()
  registry = await startRegistry([{ ...present, tarball }, next], { upstream })
  // And a cache of its own, where no other run's package of that version is.
  const settings = [`registry=${registry.url}`, `cache=${join(home, 'cache')}`]
  writeFileSync(join(cwd, '.npmrc'), `${settings.join('\n')}\n`)
  repository = gitRepository(cwd)
})

afterAll(async () => {
  await registry.close()
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

/** Runs a command that merges and installs, and commits what it did. */
async function change(words: string, script: string = bin): Promise<string> {
  const output = await runWell(process.execPath, [script, ...words.split(' ')], { cwd, env })
  repository.commit(words)
  return output
}

/** The app's own scripts, as its owner runs them. */
async function requireGreen(...scripts: readonly string[]): Promise<void> {
  for (const script of scripts) {
    const output = await runWell('npm', ['run', script], { cwd, env })
    if (script !== 'test') expect(complaints(output), script).toEqual([])
  }
}

const installed = (name: string) =>
  (
    JSON.parse(readFileSync(join(cwd, 'node_modules', name, 'package.json'), 'utf8')) as {
      version: string
    }
  ).version

// What a script says is the same for what was generated, byte for byte: once after each kind of
// change is enough, and all four where that isn't so.
test('what comes is installed, and green', async () => {
  expect(await change('add tailwind github email')).toContain('Installing with npm')
  await requireGreen('typecheck', 'lint', 'build')
})

test('what goes, and what comes after it, leaves it green', async () => {
  await change('remove github email')
  await change('add google')
  await requireGreen('typecheck')
})

test('the next version, from the registry, is installed, and green', async () => {
  expect(await change('update', nextBin)).toContain('Installing with npm')
  expect(installed('happy-dom')).toBe('21.0.3')
  expect(readFileSync(join(cwd, '.start-convex-auth.json'), 'utf8')).toContain(`@${NEXT}`)
  await requireGreen('typecheck', 'lint', 'test', 'build')
  expect(repository.git('status', '--porcelain')).toBe('')
})
