import type { Plan } from '../plan/types.ts'

/**
 * Whether this Node is too old for the generated app.
 *
 * @param running - for example `20.20.2`
 * @returns a sentence; nothing when the app runs on it, or says nothing about it
 */
export function nodeWarning(plan: Plan, running: string): string | undefined {
  const needed = minimumNode(plan)
  if (needed === undefined || compare(running, needed) >= 0) return undefined
  return `The app needs Node ${needed} or newer, and this is ${running}.\nUpdate Node before you start it.`
}

function minimumNode(plan: Plan): string | undefined {
  const content = plan.get('package.json')?.content
  if (content === undefined) return undefined
  const manifest = JSON.parse(String(content)) as {
    engines?: { node?: string }
  }
  return /^>=\s*(\d+(?:\.\d+)*)/.exec(manifest.engines?.node ?? '')?.[1]
}

function compare(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split('.').map(Number))
  for (let index = 0; index < 3; index++) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
