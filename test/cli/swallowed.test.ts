import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { emptyFolder } from '../helpers/cli.ts'
import { startRegistry } from '../helpers/registry.ts'
import type { Registry } from '../helpers/registry.ts'
import { pathFor, programs, run } from '../helpers/run.ts'

let registry: Registry

beforeAll(async () => {
  const { tarball, folder } = inject('installed')
  const home = join(folder, 'node_modules/create-start-convex-auth')
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    name: string
    version: string
  }
  registry = await startRegistry([{ ...manifest, devDependencies: {}, tarball }])
})

afterAll(() => registry.close())

const create = 'npm create start-convex-auth@latest'

/** Runs an npm of this version as a user does, with the package from a registry. */
async function npm(version: string, cwd: string, args: readonly string[]) {
  const env = {
    PATH: await pathFor(),
    npm_config_registry: registry.url,
    npm_config_cache: join(dirname(cwd), `cache-${process.pid}`),
    npm_config_update_notifier: 'false',
  }
  const bin = join(await programs(`npm@${version}`), '../npm/bin/npm-cli.js')
  return run(process.execPath, [bin, ...args], { cwd, env })
}

// npm 12 refuses a flag that it doesn't know.
describe.each(['7', '8', '9', '10', '11'])('npm %s keeps flags', (version) => {
  test.each([
    [['my-app', '--tailwind', '--social', 'github'], 'my-app -- --tailwind --social github'],
    [
      ['--social=github,google', 'my-app', '--no-git', '--port', '4000'],
      'my-app -- --social "github,google" --no-git --port 4000',
    ],
    [
      ['my-app', '--no-tailwind', '--no-social', '--pm', 'pnpm', '--dry-run'],
      'my-app -- --no-tailwind --no-social --pm pnpm --dry-run',
    ],
    [['env', '--prod', '--apply'], 'env -- --apply --prod'],
    [['update', '--to', '1.0.0'], 'update -- --to 1.0.0'],
    [['my-app', '--dry-run', '--', '--no-social'], 'my-app -- --no-social --dry-run'],
  ])('%j, and is found out', async (args, line) => {
    const cwd = emptyFolder()
    const { exitCode, output } = await npm(version, cwd, [
      'create',
      '--yes',
      'start-convex-auth@latest',
      ...args,
    ])
    expect(output).toContain(`${create} ${line}\n`)
    expect(exitCode).not.toBe(0)
    expect(readdirSync(cwd)).toEqual([])
  })

  test('the command that is offered works, whatever .npmrc says', async () => {
    const cwd = emptyFolder()
    const first = ['create', '--yes', 'start-convex-auth@latest', 'my-app']
    const flags = ['--no-tailwind', '--social', 'github', '--dry-run']
    const refused = await npm(version, cwd, [...first, ...flags])
    const offered = new RegExp(`${create} .*`).exec(refused.output)?.[0] ?? ''
    const userconfig = join(emptyFolder(), 'npmrc')
    writeFileSync(userconfig, 'json=true\n')
    const words = offered.split(' ').slice(1)
    const { exitCode, output } = await npm(version, cwd, [
      `--userconfig=${userconfig}`,
      '--yes',
      ...words,
    ])
    expect(output).not.toContain('npm kept')
    expect(exitCode, output).toBe(0)
    expect(output).toContain('convex/socialProviders.ts')
    expect(output).not.toContain('components.json')
  })
})
