import type { PackageManager } from '../package-managers.ts'
import { installAllCommand } from '../system/install-command.ts'
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
  const [command = '', ...args] = (await installAllCommand(name, options)).split(' ')
  return runProgram(command, args, {
    ...options,
    env: installSettings[name] ?? {},
  })
}

/** Variables that win over settings of the user's by which nothing, or half, would be installed here. */
export const installSettings: Readonly<
  Partial<Record<PackageManager, Readonly<Record<string, string>>>>
> = {
  npm: {
    npm_config_dry_run: 'false',
    npm_config_package_lock_only: 'false',
    npm_config_global: 'false',
    npm_config_location: 'project',
  },
  // pnpm 9 and 10 read npm's: its old name of --prod, and their own of "those of development alone".
  pnpm: { npm_config_only: '', npm_config_dev: 'false', npm_config_lockfile_only: 'false' },
  yarn: {
    // Yarn 4 refuses to write a first lockfile where CI is set.
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    // The app's .yarnrc.yml says so, too; a variable would win over it.
    YARN_NODE_LINKER: 'node-modules',
  },
}
