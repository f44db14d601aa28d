import type { PackageManager } from '../package-managers.ts'
import { questions, valuesOf } from './questions.ts'
import type { Flags, Offer, Options, QuestionName } from './questions.ts'

/** Questions that have to be answered by someone: by a flag, at a prompt, or with `--yes`. */
export const mustSay = ['directory', 'tailwind', 'social'] as const

/**
 * What was said, with a default for each answer that wasn't given.
 *
 * @param packageManager - the one that ran us
 */
export function withDefaults(flags: Flags, packageManager: PackageManager): Options {
  return {
    directory: flags.directory ?? questions.directory.default,
    tailwind: flags.tailwind ?? questions.tailwind.default,
    social: flags.social ?? questions.social.default,
    layer: flags.layer ?? questions.layer.default,
    pm: flags.pm ?? packageManager,
    install: flags.install ?? questions.install.default,
    git: flags.git ?? questions.git.default,
    port: flags.port ?? questions.port.default,
    setup: flags.setup ?? questions.setup.default,
  }
}

/**
 * What nobody has answered and nobody can be asked, in the words of the command line.
 *
 * @returns for example `a directory`, `--tailwind or --no-tailwind`; empty when all is said
 */
export function unanswered(flags: Flags, offer: Offer): string[] {
  return mustSay.filter((name) => flags[name] === undefined).map((name) => answerForm(name, offer))
}

function answerForm(name: QuestionName, offer: Offer): string {
  if (name === 'directory') return 'a directory'
  const values = valuesOf(name, offer).join(',')
  return `--${name}${values && ` ${values}`} or --no-${name}`
}
