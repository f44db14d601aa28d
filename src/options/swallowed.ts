import { portableWord } from '../shell.ts'
import { commandOf } from './parse.ts'
import { flagsOf, questions, valuesOf } from './questions.ts'
import type { Offer, QuestionName } from './questions.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Flags that npm took for its own, and the command line that gets them to us. */
export interface LostFlags {
  readonly flags: readonly string[]
  readonly command: string
}

/** npm has flags of these names itself: `--yes` means its own question, and so on. */
const ambiguous: readonly QuestionName[] = [
  'directory',
  'yes',
  'verbose',
  'color',
  'help',
  'version',
]

/**
 * Finds flags that npm kept because they weren't behind `--`. npm 7 to 11 drop
 * them from the arguments and set `npm_config_FLAG` for them: `true` for
 * `--tailwind` and for `--social github` (whose value stays behind as an
 * argument), the value for `--social=github`, and an empty one for `--no-social`.
 *
 * @param argv - what arrived
 * @param npmrc - the texts of the `.npmrc` files: what is set there wasn't a flag
 * @returns nothing when npm didn't run us or swallowed nothing
 */
export function swallowedByNpm(
  argv: readonly string[],
  env: Env,
  offer: Offer,
  npmrc = '',
): LostFlags | undefined {
  if (!env['npm_config_user_agent']?.startsWith('npm/')) return undefined
  const rest = [...argv]
  const flags = flagsOf(commandOf(argv))
    .filter((name) => !ambiguous.includes(name))
    .filter((name) => !isSet(npmrc, name) && !isSaid(argv, name))
    .flatMap((name) => recover(name, env, offer, rest))
  if (flags.length === 0) return undefined
  // npm has `--prod` itself, for production, and all that arrives of it is NODE_ENV.
  if (commandOf(argv) === 'env' && env['NODE_ENV'] === 'production') flags.push('--prod')
  return { flags, command: commandLine(env, rest, flags) }
}

function isSet(npmrc: string, name: string): boolean {
  return new RegExp(`^\\s*${name}\\s*=`, 'm').test(npmrc)
}

function isSaid(argv: readonly string[], name: string): boolean {
  return argv.some((argument) => new RegExp(`^--(no-)?${name}(=|$)`).test(argument))
}

/** The flag as it was typed; takes its value out of `rest` when npm left it there. */
function recover(name: QuestionName, env: Env, offer: Offer, rest: string[]): string[] {
  const value = env[`npm_config_${name.replaceAll('-', '_')}`]
  // npm reads `--pm pnpm` as its own -p and -m: --parseable --message pnpm.
  if (name === 'pm' && env['npm_config_parseable'] === 'true') {
    const message = env['npm_config_message'] ?? ''
    return valuesOf(name, offer).includes(message) ? [`--pm ${message}`] : []
  }
  // And `--apply` as -a -p -l -y.
  if (name === 'apply') {
    const letters = ['all', 'parseable', 'long', 'yes']
    return letters.every((flag) => env[`npm_config_${flag}`] === 'true') ? ['--apply'] : []
  }
  // npm 8 takes `--install` for its --install-links, and `--no-install` for its default.
  if (name === 'install' && env['npm_config_install_links'] === 'true') return ['--install']
  if (value === undefined) return []
  if (name === 'git') return recoverGit(value)
  if (questions[name].kind === 'boolean') return recoverBoolean(name, value)
  if (value === '' || value === 'false') return [`--no-${name}`]
  return value
    .split('\n\n')
    .map((one) => (one === 'true' ? takeValue(name, offer, rest) : one))
    .map((word) => `--${name} ${portableWord(word) ?? word}`)
}

/** `git` is npm's path of git, which makes `--git` empty and `--no-git` false. */
function recoverGit(value: string): string[] {
  if (value === '') return ['--git']
  return value === 'false' ? ['--no-git'] : []
}

function recoverBoolean(name: QuestionName, value: string): string[] {
  if (value === 'true') return [`--${name}`]
  const question = questions[name]
  return 'negatable' in question && question.negatable ? [`--no-${name}`] : []
}

function takeValue(name: QuestionName, offer: Offer, rest: string[]): string {
  // A name could be any word; the first one is the directory.
  const index =
    questions[name].kind === 'name'
      ? rest.length - 1 || -1
      : rest.findIndex((argument) => couldBe(name, argument, offer))
  return index < 0 ? placeholder(name, offer) : rest.splice(index, 1).join()
}

function couldBe(name: QuestionName, value: string, offer: Offer): boolean {
  const { kind } = questions[name]
  if (kind === 'port') return /^[0-9]+$/.test(value)
  if (kind === 'sources') return /^\.|:/.test(value)
  if (kind === 'origin') return /^https?:/.test(value)
  if (kind === 'name') return true
  const known = valuesOf(name, offer)
  return value.split(',').every((part) => known.includes(part))
}

function placeholder(name: QuestionName, offer: Offer): string {
  const question = questions[name]
  return question.kind === 'port'
    ? String(question.default)
    : question.kind === 'name'
      ? 'my-app'
      : question.kind === 'origin'
        ? 'https://your-app.example'
        : valuesOf(name, offer).join(',') || './my-layer'
}

/** `npm create …`, or the script of a clone that was run. */
function commandLine(env: Env, rest: readonly string[], flags: readonly string[]): string {
  // `npm create`, `npm init`, `npm exec` and `npx` all run us as their script "npx".
  const script = env['npm_lifecycle_event']
  const words =
    script === 'npx' || script === undefined
      ? ['npm create start-convex-auth@latest', ...rest, '--', ...flags]
      : [`npm run ${script} --`, ...rest, ...flags]
  return words.join(' ')
}
