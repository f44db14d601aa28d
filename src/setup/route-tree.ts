import { runProgram } from '../system/program.ts'
import type { ProgramOptions } from '../system/program.ts'

// TanStack's plugin writes the tree as soon as Vite has read its configuration.
const SCRIPT = `import { resolveConfig } from 'vite'
await resolveConfig({ logLevel: 'error' }, 'build')
process.exit()`

/**
 * Makes `src/routeTree.gen.ts` again, with the app's own Vite and router.
 *
 * @returns whether they did
 */
export async function remakeRouteTree(options: ProgramOptions): Promise<boolean> {
  const args = ['--input-type=module', '--eval', SCRIPT]
  return (await runProgram(process.execPath, args, options)).exitCode === 0
}
