import type { Options } from '../options/questions.ts'
import { packageManagers } from '../package-managers.ts'
import type { PackageManager } from '../package-managers.ts'
import { portableWord } from '../shell.ts'

/**
 * The command that makes the same repository again, every answer as a flag.
 *
 * @param name - stands for the directory where that can't be written for every shell
 */
export function repeatCommand(options: Options, name: string, version: string): string {
  const [create, separator] = packageManagers[options.pm].create
  const directory = portableWord(options.directory) ?? name
  return [
    `${create} start-convex-auth@${version} ${directory}${separator}`,
    ...(options.name === undefined ? [] : [`--name ${portableWord(options.name)}`]),
    yesOrNo('tailwind', options.tailwind),
    options.social.length > 0
      ? `--social ${portableWord(options.social.join(','))}`
      : '--no-social',
    yesOrNo('email', options.email),
    ...options.layer.map((source) => `--layer ${portableWord(source) ?? source}`),
    `--pm ${options.pm}`,
    yesOrNo('install', options.install),
    yesOrNo('git', options.git),
    `--port ${options.port}`,
    yesOrNo('setup', options.setup),
  ].join(' ')
}

/** The command that goes on with the set-up. */
export function continueCommand(pm: PackageManager, version: string): string {
  return `${packageManagers[pm].create[0]} start-convex-auth@${version} setup`
}

function yesOrNo(flag: string, value: boolean): string {
  return value ? `--${flag}` : `--no-${flag}`
}
