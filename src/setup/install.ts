import { packageManagers } from '../package-managers.ts'
import type { TemplateData } from '../plan/types.ts'
import { runProgram } from '../system/program.ts'
import type { ProgramResult, ProgramOptions } from '../system/program.ts'

/** What package managers and git leave in the folder they are run in. */
export const leftovers: readonly string[] = [
  'node_modules',
  '.git',
  ...Object.values(packageManagers).flatMap(({ lockfiles, leftovers }) => [
    ...lockfiles,
    ...leftovers,
  ]),
]

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
