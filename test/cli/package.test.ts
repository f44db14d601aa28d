import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { cli, emptyFolder } from '../helpers/cli.ts'
import { cleanEnv } from '../helpers/env.ts'

const installed = inject('installed')

test('installing it brings one package', () => {
  const packages = readdirSync(join(installed.folder, 'node_modules')).filter(
    (name) => !name.startsWith('.'),
  )
  expect(packages).toEqual(['create-start-convex-auth'])
})

test('its command is on the PATH of npx', () => {
  const version = execFileSync(
    join(installed.folder, 'node_modules/.bin/create-start-convex-auth'),
    ['--version'],
    {
      encoding: 'utf8',
      env: cleanEnv(),
      shell: process.platform === 'win32',
    },
  )
  expect(version).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('it holds what it needs and nothing of this repository', () => {
  const strange = installed.files.filter(
    (path) => !/^(dist\/[\w-]+\.(cjs|json|txt)|package\.json|README\.md|LICENSE)$/.test(path),
  )
  expect(strange).toEqual([])
})

test('its code is plain: nothing is compressed, or compiled from a text at run time', () => {
  const dist = join(installed.bin, '..')
  for (const name of readdirSync(dist)) {
    const bytes = readFileSync(join(dist, name))
    expect(Buffer.from(bytes.toString('utf8')).equals(bytes), `${name} is text`).toBe(true)
    expect(/\b_compile\(/.test(bytes.toString('utf8')), name).toBe(false)
  }
})

test('it names the licence of everything that is bundled', () => {
  const dist = join(installed.bin, '..')
  const licenses = readFileSync(join(dist, 'licenses.txt'), 'utf8')
  for (const name of ['giget', 'handlebars', 'prompts', 'valibot']) {
    expect(licenses).toMatch(new RegExp(`^.*\\b${name}\\b`, 'm'))
  }
})

test.each(['18.20.4', '20.18.3', '8.0.0'])(
  'Node %s gets a sentence and nothing else',
  (version) => {
    const folder = emptyFolder()
    const preload = join(folder, 'old-node.cjs')
    writeFileSync(
      preload,
      `Object.defineProperty(process.versions, 'node', { value: '${version}' })`,
    )
    let failure: { status?: number; stderr?: string; stdout?: string } = {}
    try {
      execFileSync(process.execPath, ['--require', preload, installed.bin, 'my-app', '--yes'], {
        cwd: folder,
        encoding: 'utf8',
        stdio: 'pipe',
      })
    } catch (error) {
      failure = error as typeof failure
    }
    expect(failure.status).toBe(1)
    expect(failure.stdout).toBe('')
    expect(failure.stderr).toContain(`needs Node 20.19 or newer`)
    expect(failure.stderr).toContain(version)
    expect(readdirSync(folder)).toEqual(['old-node.cjs'])
  },
)

test('the first file is written for Nodes that know no newer syntax', () => {
  const bin = readFileSync(installed.bin, 'utf8')
  expect(bin).toMatch(/^#!\/usr\/bin\/env node\n/)
  expect(bin).not.toMatch(/=>|`|\b(?:const|let|import|class|async)\b|\?\.|\?\?/)
})

test('--help', async () => {
  const run = await cli(['--help'], { cwd: emptyFolder() })
  expect(run).toMatchObject({ exitCode: 0, stderr: '' })
  expect(run.stdout).toContain('--[no-]social github,google')
})
