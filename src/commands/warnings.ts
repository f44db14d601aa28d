import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import satisfies from 'semver/functions/satisfies.js'
import type { Plan } from '../plan/types.ts'
import { isInUse, portOf } from '../system/port.ts'

/**
 * Whether this Node is too old for the generated app.
 *
 * @param running - for example `20.20.2`
 * @returns a sentence; nothing when the app runs on it, or says nothing about it
 */
export function nodeWarning(plan: Plan, running: string): string | undefined {
  const { engines } = JSON.parse(String(plan.get('package.json')?.content ?? '{}')) as {
    engines?: { node?: unknown }
  }
  // A layer may have another number there, or anything.
  const range = typeof engines?.node === 'string' ? engines.node : '*'
  if (satisfies(running, range, { includePrerelease: true })) return undefined
  const needed = range.replace(/^>=\s*([\d.]+)$/, '$1 or newer')
  return `The app needs Node ${needed}, and this is ${running}.\nUpdate Node before you start it.`
}

/** Whether something else has the port that the app is to be served at. */
export async function portWarnings(siteUrl: string, portFile = '.env'): Promise<string[]> {
  const port = portOf(siteUrl)
  if (!(await isInUse(port))) return []
  return [
    `Port ${port} is in use. Stop the program that has it, or give the app another one:\nPORT in ${portFile}, and SITE_URL on the deployment.`,
  ]
}

/**
 * What of a path the tools of the app take for something else: tried one by one with the
 * generated app. The `:` and `;` end an entry of PATH, where npm puts the app's programs. Links
 * are followed, as the tools do.
 *
 * @returns a sentence; nothing where there is none of it
 */
export function pathWarning(target: string): string | undefined {
  let folder = target
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder)
  const path = join(realpathSync(folder), relative(folder, target))
  const special =
    sep === '/'
      ? /[#%'"?*[\]{}\\:]|(?<=\/)node_modules(?=\/)/g
      : /[#%'[\]{};]|(?<=\\)node_modules(?=\\)/g
  const found = [...new Set(path.replace(/^[a-z]:/i, '').match(special))]
  if (found.length === 0) return undefined
  return `The path has ${found.join(' ')} in it, which scripts of the app break at.\nMove the app to a folder without: ${path}`
}

/** The key of a pnpm-workspace.yaml, quoted or not, on a line of its own or in braces. */
const PACKAGES = /^\uFEFF?(?:---\s*)?(?:\{(?:[^]*?[,\s])?)?(["']?)packages\1\s*:/m

/**
 * Whether a pnpm workspace above may take the app in: pnpm then refuses to
 * install the whole of it, since it asks the workspace alone which packages may
 * run scripts, not the app's own pnpm-workspace.yaml.
 *
 * @returns a sentence; nothing where there is no workspace
 * @see https://pnpm.io/settings#allowbuilds
 */
export function workspaceWarning(path: string): string | undefined {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'pnpm-workspace.yaml')
    try {
      if (!PACKAGES.test(readFileSync(file, 'utf8'))) continue
    } catch {
      // What can't be read is no workspace of the user's.
      continue
    }
    return `The app is below a pnpm workspace. If its packages take the app in, add this to ${file}:\nallowBuilds:\n  esbuild: true`
  }
  return undefined
}
