import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Candidate } from './measure.ts'

/** The script that the command of an installed package runs. */
export function binOf(nodeModules: string, name: string): string {
  const folder = join(nodeModules, name)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>
  }
  const path = typeof bin === 'string' ? bin : Object.values(bin)[0]
  return join(folder, path ?? '')
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
  const nodeModules = join(home, 'node_modules')
  const betterT = binOf(nodeModules, 'create-better-t-stack')
  const tanstack = binOf(nodeModules, '@tanstack/cli')
  const peers: Candidate[] = [
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
  return peers.filter((peer) => runsHere(peer, folder))
}

/** Some peers want a newer Node, or the network: what doesn't run is said and left out. */
function runsHere({ name, args }: Candidate, cwd: string): boolean {
  const trial = spawnSync(process.execPath, args(`trial-${name.length}`), {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  })
  if (trial.status === 0) return true
  const reason = /^.*Error.*$/m.exec(trial.stderr)?.[0] ?? trial.stderr
  console.log(`${name} doesn't run here: ${reason.trim()}`)
  return false
}
