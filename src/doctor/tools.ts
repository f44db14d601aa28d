import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packageManagers } from '../package-managers.ts'
import { fits } from '../project/versions.ts'
import { runProgram } from '../system/program.ts'
import { check, unchecked } from './check.ts'
import type { Check, Problem, Inspection } from './check.ts'

/** Node and the package manager. */
export async function toolChecks(inspection: Inspection): Promise<Check[]> {
  return [checkNode(inspection), await checkPackageManager(inspection)]
}

function checkNode({ manifest, manifestProblem, nodeVersion }: Inspection): Check {
  if (manifestProblem) {
    return unchecked('node', `Which Node the app needs isn't known: package.json tells nothing.`)
  }
  const range = manifest.engines?.node ?? '*'
  const needed = range.replace(/^>=\s*([\d.]+)$/, '$1 or newer')
  const message = `The app needs Node ${needed}, and this is ${nodeVersion}.`
  const fix = ['Install such a Node: https://nodejs.org']
  return check(
    'node',
    fits(nodeVersion, range) ? [] : [{ message, fix }],
    `Node ${nodeVersion} is one that the app runs on.`,
  )
}

async function checkPackageManager({ project }: Inspection): Promise<Check> {
  const { root, pm } = project
  const { exitCode, stdout } = await runProgram(pm.name, ['--version'], { cwd: root })
  const absent: Problem = {
    message: `${pm.name} isn't on the PATH, or doesn't run.`,
    fix: [pm.yarn || pm.pnpm ? `npm install --global ${pm.name}` : `Install ${pm.name}.`],
  }
  const foreign = Object.entries(packageManagers)
    .filter(([name]) => name !== pm.name)
    .flatMap(([, { lockfiles }]) => lockfiles.filter((file) => existsSync(join(root, file))))
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
