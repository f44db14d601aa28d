import type { TemplateData } from '../plan/types.ts'
import { runProgram } from '../system/program.ts'
import type { ProgramResult, ProgramOptions } from '../system/program.ts'

/**
 * Installs the app's dependencies.
 *
 * @returns how the package manager ended; a failed installation is no error here
 */
export function install(
  pm: Pick<TemplateData['pm'], 'install'>,
  options: ProgramOptions,
): Promise<ProgramResult> {
  const [command = '', ...args] = pm.install.split(' ')
  return runProgram(command, args, {
    ...options,
    env: {
      // Yarn 4 refuses to write a first lockfile where CI is set.
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    },
  })
}
