import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { install } from '../../../src/setup/install.ts'
import { installAllCommand } from '../../../src/system/install-command.ts'
import { pathFor, run } from '../../helpers/run.ts'

let cwd: string

/** An app with one dependency of each kind, for which no registry is needed. */
beforeEach(() => {
  cwd = join(mkdtempSync(join(tmpdir(), 'install-')), 'app')
  for (const name of ['used', 'tool', 'native']) {
    mkdirSync(join(cwd, '..', name), { recursive: true })
    writeFileSync(join(cwd, '..', name, 'package.json'), JSON.stringify({ name, version: '1.0.0' }))
  }
  mkdirSync(cwd)
  const dependencies = { used: 'file:../used' }
  const devDependencies = { tool: 'file:../tool' }
  const optionalDependencies = { native: 'file:../native' }
  const manifest = {
    name: 'app',
    private: true,
    dependencies,
    devDependencies,
    optionalDependencies,
  }
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest))
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(join(cwd, '..'), { recursive: true, force: true })
})

/** Yarn 4 wants a lockfile of its own below another package.json. */
function writeYarn4Project(): void {
  writeFileSync(join(cwd, '.yarnrc.yml'), 'nodeLinker: node-modules\n')
  writeFileSync(join(cwd, 'yarn.lock'), '')
  writeFileSync(join(cwd, '../package.json'), '{ "name": "above", "private": true }')
}

const CASES = [
  ['npm', []],
  ['pnpm', ['pnpm@9']],
  ['pnpm', ['pnpm@10']],
  ['pnpm', ['pnpm@12.21.0']],
  ['yarn', ['yarn@1.22.22']],
  ['yarn', ['@yarnpkg/cli-dist@4.18.1']],
  ['bun', ['bun@1.4.5']],
] as const

/** What each variable leaves out, none of the others brings back: together they save runs. */
const settings = [
  {
    NODE_ENV: 'production',
    npm_config_omit: 'dev',
    npm_config_dry_run: 'true',
    YARN_NODE_LINKER: 'pnp',
  },
  { npm_config_production: 'true', npm_config_package_lock_only: 'true' },
  { npm_config_only: 'prod', npm_config_lockfile_only: 'true', npm_config_global: 'true' },
  { npm_config_dev: 'true', npm_config_omit: 'optional', npm_config_location: 'global' },
  { npm_config_optional: 'false', pnpm_config_optional: 'false' },
]

test.for(CASES)(
  '%s %s installs all dependencies in the folder, whatever is set',
  async ([name, packages]) => {
    vi.stubEnv('PATH', await pathFor(...packages))
    // Where a global installation would go.
    vi.stubEnv('npm_config_prefix', join(cwd, '../prefix'))
    if (packages[0]?.startsWith('@yarnpkg')) writeYarn4Project()
    for (const setting of settings) {
      for (const [variable, value] of Object.entries(setting)) vi.stubEnv(variable, value)
      rmSync(join(cwd, 'node_modules'), { recursive: true, force: true })
      const result = await install({ name }, { cwd })
      expect(result.exitCode, result.output).toBe(0)
      const missing = ['used', 'tool', 'native'].filter(
        (dependency) => !existsSync(join(cwd, 'node_modules', dependency)),
      )
      expect(missing, JSON.stringify(setting)).toEqual([])
      for (const variable of Object.keys(setting)) vi.stubEnv(variable, undefined)
    }
  },
)

test.for(CASES)(
  '%s %s installs what package.json has more than the lockfile, in CI, too',
  async ([name, packages]) => {
    vi.stubEnv('PATH', await pathFor(...packages))
    if (packages[0]?.startsWith('@yarnpkg')) writeYarn4Project()
    const path = join(cwd, 'package.json')
    const { dependencies, ...manifest } = JSON.parse(readFileSync(path, 'utf8')) as {
      dependencies: object
    }
    writeFileSync(path, JSON.stringify(manifest))
    expect((await install({ name }, { cwd })).exitCode).toBe(0)
    writeFileSync(path, JSON.stringify({ ...manifest, dependencies }))
    vi.stubEnv('CI', 'true')
    const { exitCode, output } = await install({ name }, { cwd })
    expect(exitCode, output).toBe(0)
    expect(existsSync(join(cwd, 'node_modules/used'))).toBe(true)
  },
)

test.for([
  ['npm', []],
  ['pnpm', ['pnpm@9']],
  ['yarn', ['yarn@1.22.22']],
  ['yarn', ['@yarnpkg/cli-dist@4.18.1']],
] as const)('the command that doctor advises with %s %s mends it', async ([name, packages]) => {
  const env = { PATH: await pathFor(...packages), NODE_ENV: 'production' }
  vi.stubEnv('PATH', env.PATH)
  if (packages[0]?.startsWith('@yarnpkg')) writeYarn4Project()
  const [command = '', ...args] = (await installAllCommand(name, { cwd })).split(' ')
  const { exitCode, output } = await run(command, args, { cwd, env })
  expect(exitCode, output).toBe(0)
  expect(existsSync(join(cwd, 'node_modules/tool'))).toBe(true)
})
