import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { emptyFolder } from '../helpers/cli.ts'
import { cleanEnv } from '../helpers/env.ts'

/** Runs the installed package through npm, as `npm create` does. */
function npmExec(cwd: string, ...args: string[]) {
  return spawnSync(
    'npm',
    ['exec', '--yes', '--prefix', inject('installed').folder, 'create-start-convex-auth', ...args],
    {
      cwd,
      env: cleanEnv({ npm_config_update_notifier: 'false' }),
      encoding: 'utf8',
      shell: process.platform === 'win32',
    },
  )
}

const create = 'npm create start-convex-auth@latest'

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
])('npm keeps the flags of %j, and is found out', (args, line) => {
  const cwd = emptyFolder()
  const run = npmExec(cwd, ...args)
  expect(run.stderr).toContain(`${create} ${line}\n`)
  expect(run.status).toBe(2)
  expect(run.stdout).toBe('')
  expect(readdirSync(cwd)).toEqual([])
})

test('behind -- they arrive, whatever .npmrc says', () => {
  const cwd = emptyFolder()
  const userconfig = join(emptyFolder(), 'npmrc')
  writeFileSync(userconfig, 'json=true\n')
  const run = npmExec(
    cwd,
    `--userconfig=${userconfig}`,
    'my-app',
    '--',
    '--no-tailwind',
    '--no-social',
    '--no-install',
    '--no-git',
  )
  expect(run.stderr).not.toContain('npm kept')
  expect(run.status).toBe(0)
  expect(readdirSync(cwd)).toEqual(['my-app'])
})
