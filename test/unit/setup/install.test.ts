import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { packageManagers } from '../../../src/package-managers.ts'
import { install } from '../../../src/setup/install.ts'
import { pathFor, run } from '../../helpers/run.ts'

let cwd: string

/** An app with one dependency of each kind, which no registry is needed for. */
beforeEach(() => {
  cwd = join(mkdtempSync(join(tmpdir(), 'install-')), 'app')
  for (const name of ['used', 'tool']) {
    mkdirSync(join(cwd, '..', name), { recursive: true })
    writeFileSync(join(cwd, '..', name, 'package.json'), JSON.stringify({ name, version: '1.0.0' }))
  }
  mkdirSync(cwd)
  const dependencies = { used: 'file:../used' }
  const devDependencies = { tool: 'file:../tool' }
  const manifest = { name: 'app', private: true, dependencies, devDependencies }
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest))
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(join(cwd, '..'), { recursive: true, force: true })
})

const CASES = [
  ['npm', []],
  ['pnpm', ['pnpm@9']],
  ['pnpm', ['pnpm@10']],
  ['pnpm', ['pnpm@12.21.0']],
  ['yarn', ['yarn@1.22.22']],
  ['yarn', ['@yarnpkg/cli-dist@4.18.1']],
  ['bun', ['bun@1.4.5']],
] as const

const settings = [
  { NODE_ENV: 'production' },
  { npm_config_omit: 'dev' },
  { npm_config_production: 'true' },
  { npm_config_only: 'prod' },
]

test.for(CASES)(
  '%s %s installs the development dependencies, whatever is set',
  { timeout: 120_000 },
  async ([name, packages]) => {
    vi.stubEnv('PATH', await pathFor(...packages))
    if (packages[0]?.startsWith('@yarnpkg')) {
      writeFileSync(join(cwd, '.yarnrc.yml'), 'nodeLinker: node-modules\n')
      writeFileSync(join(cwd, 'yarn.lock'), '')
      writeFileSync(join(cwd, '../package.json'), '{ "name": "above", "private": true }')
    }
    for (const setting of settings) {
      for (const [variable, value] of Object.entries(setting)) vi.stubEnv(variable, value)
      rmSync(join(cwd, 'node_modules'), { recursive: true, force: true })
      const result = await install({ name }, { cwd })
      expect(result.exitCode, result.output).toBe(0)
      expect(existsSync(join(cwd, 'node_modules/tool')), JSON.stringify(setting)).toBe(true)
      for (const variable of Object.keys(setting)) vi.stubEnv(variable, undefined)
    }
  },
)

test.for([
  ['npm', []],
  ['pnpm', ['pnpm@9']],
  ['yarn', ['yarn@1.22.22']],
] as const)('the command that doctor advises with %s mends it', async ([name, packages]) => {
  const env = { PATH: await pathFor(...packages), NODE_ENV: 'production' }
  const [command = '', ...args] = packageManagers[name].installAll.split(' ')
  const { exitCode, output } = await run(command, args, { cwd, env })
  expect(exitCode, output).toBe(0)
  expect(existsSync(join(cwd, 'node_modules/tool'))).toBe(true)
})
