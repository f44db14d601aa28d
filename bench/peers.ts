import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Candidate } from './measure.ts'

/** The script that a package's command runs. */
export function binOf(require: NodeJS.Require, name: string): string {
  const file = require.resolve(`${name}/package.json`)
  const { bin } = JSON.parse(readFileSync(file, 'utf8')) as {
    bin: string | Record<string, string>
  }
  const path = typeof bin === 'string' ? bin : Object.values(bin)[0]
  return join(dirname(file), path ?? '')
}

/** Installs the generators for the same stack; they are large, so only on demand. */
export function installPeers(folder: string): Candidate[] {
  const home = join(folder, 'peers')
  mkdirSync(home)
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n')
  execFileSync(
    'npm',
    [
      'install',
      '--silent',
      '--no-audit',
      '--no-fund',
      'create-better-t-stack@3.44.1',
      '@tanstack/cli@0.71.0',
    ],
    { cwd: home, stdio: 'inherit', shell: process.platform === 'win32' },
  )
  const require = createRequire(join(home, 'package.json'))
  const betterT = binOf(require, 'create-better-t-stack')
  const tanstack = binOf(require, '@tanstack/cli')
  return [
    {
      name: 'create-better-t-stack',
      args: (name) => [
        betterT,
        name,
        ...'--frontend tanstack-start --backend convex --auth better-auth --runtime none --api none --database none --orm none --db-setup none --payments none --addons none --examples none --web-deploy none --server-deploy none --package-manager npm --no-git --no-install'.split(
          ' ',
        ),
      ],
    },
    {
      name: 'TanStack CLI',
      args: (name) => [
        tanstack,
        'create',
        name,
        ...'--yes --no-install --no-git --package-manager npm'.split(' '),
      ],
    },
  ]
}
