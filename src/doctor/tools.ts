import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isOlder } from '../project/versions.ts'
import { run } from '../setup/run.ts'
import { check } from './check.ts'
import type { Check, Problem, Subject } from './check.ts'

/** Node and the package manager. */
export async function toolChecks(subject: Subject): Promise<Check[]> {
  return [checkNode(subject), await checkPackageManager(subject)]
}

function checkNode({ manifest, nodeVersion }: Subject): Check {
  const needed = /^>=\s*(\d+(?:\.\d+)*)/.exec(manifest.engines?.node ?? '')?.[1] ?? '0'
  const message = `The app needs Node ${needed} or newer, and this is ${nodeVersion}.`
  const fix = ['Install a newer Node: https://nodejs.org']
  return check(
    'node',
    isOlder(nodeVersion, needed) ? [{ message, fix }] : [],
    `Node ${nodeVersion} is new enough.`,
  )
}

const lockfiles = {
  npm: ['package-lock.json'],
  pnpm: ['pnpm-lock.yaml'],
  yarn: ['yarn.lock'],
  bun: ['bun.lock', 'bun.lockb'],
}

async function checkPackageManager({ project }: Subject): Promise<Check> {
  const { root, pm } = project
  const { exitCode, stdout } = await run(pm.name, ['--version'], { cwd: root })
  const absent: Problem = {
    message: `${pm.name} isn't on the PATH, or doesn't run.`,
    fix: [pm.yarn || pm.pnpm ? `npm install --global ${pm.name}` : `Install ${pm.name}.`],
  }
  const foreign = Object.entries(lockfiles)
    .filter(([name]) => name !== pm.name)
    .flatMap(([, files]) => files.filter((file) => existsSync(join(root, file))))
  const strange: Problem = {
    message: `${foreign.join(' and ')} is from another package manager than ${pm.name}.`,
    fix: [`Remove ${foreign.join(' and ')}.`],
  }
  return check(
    'package-manager',
    [...(exitCode === 0 ? [] : [absent]), ...(foreign.length > 0 ? [strange] : [])],
    `${pm.name} ${stdout.trim()} runs, and no other has left a lockfile.`,
  )
}
