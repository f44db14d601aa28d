import { sep } from 'node:path'
import type { Plan } from '../plan/types.ts'
import { isOlder } from '../project/versions.ts'
import { isInUse } from '../system/port.ts'

/**
 * Whether this Node is too old for the generated app.
 *
 * @param running - for example `20.20.2`
 * @returns a sentence; nothing when the app runs on it, or says nothing about it
 */
export function nodeWarning(plan: Plan, running: string): string | undefined {
  const { engines } = JSON.parse(String(plan.get('package.json')?.content ?? '{}')) as {
    engines?: { node?: string }
  }
  const needed = /^>=\s*(\d+(?:\.\d+)*)/.exec(engines?.node ?? '')?.[1]
  if (needed === undefined || !isOlder(running, needed)) return undefined
  return `The app needs Node ${needed} or newer, and this is ${running}.\nUpdate Node before you start it.`
}

/** Whether something else has the port that the app is to be served at. */
export async function portWarnings(siteUrl: string): Promise<string[]> {
  const { port } = new URL(siteUrl)
  if (!(await isInUse(Number(port)))) return []
  return [
    `Port ${port} is in use. Stop the program that has it, or give the app another one:\nPORT in .env, and SITE_URL on the deployment.`,
  ]
}

/**
 * Characters of a path that Vite, Vitest or Convex take for something else:
 * tried one by one with the generated app.
 *
 * @returns a sentence; nothing where there is none of them
 */
export function pathWarning(path: string): string | undefined {
  const found = [
    ...new Set(
      path.replace(/^[a-z]:/i, '').match(sep === '/' ? /[#%'"?*[\]{}\\]/g : /[#%'[\]{}]/g),
    ),
  ]
  if (found.length === 0) return undefined
  return `The path has ${found.join(' ')} in it, which the build or the tests break at.\nMove the app to a folder without: ${path}`
}
