import { CliError } from '../errors.ts'
import type { PackageManager } from '../package-managers.ts'
import { questions, valuesOf } from './questions.ts'
import type { Flags, Offer, Options, QuestionName } from './questions.ts'

/** Questions that have to be answered by someone: by a flag, at a prompt, or with `--yes`. */
const required = ['directory', 'tailwind', 'social'] as const

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
    ...(flags.name !== undefined && { name: flags.name }),
  }
}

/**
 * Where nobody can be asked, every question without a safe default has its answer.
 *
 * @throws CliError with exit code 2 that names what is missing in the words of the
 *   command line: `a directory`, `--tailwind or --no-tailwind`
 */
export function requireAnswers(flags: Flags, offer: Offer): void {
  const missing = required.filter((name) => flags[name] === undefined)
  if (missing.length === 0) return
  const forms = missing.map((name) => answerForm(name, offer))
  const why = flags.json ? 'With --json, nothing is asked.' : 'There is no terminal to ask on.'
  throw new CliError(`Missing: ${forms.join(', ')}. ${why}`, {
    exitCode: 2,
    fix: 'Add what is missing, or --yes to take the defaults.',
  })
}

function answerForm(name: QuestionName, offer: Offer): string {
  if (name === 'directory') return 'a directory'
  const values = valuesOf(name, offer).join(',')
  return `--${name}${values && ` ${values}`} or --no-${name}`
}
