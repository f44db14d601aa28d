import { packageManagers } from '../package-managers.ts'
import type { PackageManager } from '../package-managers.ts'
import { runProgram } from '../system/program.ts'
import type { ProgramResult, ProgramOptions } from '../system/program.ts'

/**
 * Installs the app's dependencies, those of development too, whatever NODE_ENV
 * and the user's settings leave out elsewhere.
 *
 * @returns how the package manager ended; a failed installation is no error here
 */
export async function install(
  { name }: { readonly name: PackageManager },
  options: ProgramOptions,
): Promise<ProgramResult> {
  const [command = '', ...args] = (await commandFor(name, options)).split(' ')
  return runProgram(command, args, {
    ...options,
    env: {
      // Yarn 4 refuses to write a first lockfile where CI is set.
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      // pnpm 9 and 10 still know npm's old name of --prod.
      ...(name === 'pnpm' && { npm_config_only: '' }),
    },
  })
}

/** Yarn from 2 on leaves nothing out, and doesn't know Yarn 1's flag. */
async function commandFor(name: PackageManager, options: ProgramOptions): Promise<string> {
  const { install, installAll } = packageManagers[name]
  if (name !== 'yarn') return installAll
  const { stdout } = await runProgram('yarn', ['--version'], { ...options, show: false })
  return stdout.startsWith('1.') ? installAll : install
}
