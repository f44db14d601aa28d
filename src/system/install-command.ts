import { packageManagers } from '../package-managers.ts'
import type { PackageManager } from '../package-managers.ts'
import { runProgram } from './program.ts'
import type { ProgramOptions } from './program.ts'

/**
 * The command that installs all dependencies in a folder, those of development
 * too. Yarn from 2 on leaves nothing out, and doesn't know Yarn 1's flag: which
 * one it is there, it says itself.
 */
export async function installAllCommand(
  name: PackageManager,
  options: ProgramOptions,
): Promise<string> {
  const { install, installAll } = packageManagers[name]
  if (name !== 'yarn') return installAll
  const { stdout } = await runProgram('yarn', ['--version'], { ...options, show: false })
  return stdout.startsWith('1.') ? installAll : install
}

/**
 * The command for a user to type: the plain one, unless their environment, where npm puts the
 * settings of `.npmrc`, too, leaves a part of the dependencies out.
 */
export async function typedInstallCommand(
  name: PackageManager,
  { env, cwd }: Required<Pick<ProgramOptions, 'env' | 'cwd'>>,
): Promise<string> {
  const leavesOut = Object.entries(env).some(
    ([variable, value]) =>
      (variable === 'NODE_ENV' && value === 'production') ||
      (/^npm_config_(?:omit|only|production)$/i.test(variable) && value && value !== 'false'),
  )
  return leavesOut ? installAllCommand(name, { cwd }) : packageManagers[name].install
}
