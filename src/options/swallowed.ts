import { portableWord } from '../shell.ts'
import { commandOf } from './parse.ts'
import { exampleOf, flagsOf, freeValues, questions, valuesOf } from './questions.ts'
import type { Offer, Question, QuestionName } from './questions.ts'

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
  const isSaid = (name: QuestionName) =>
    argv.some((argument) => new RegExp(`^--(no-)?${name}(=|$)`).test(argument)) ||
    new RegExp(`^\\s*${name}\\s*=`, 'm').test(npmrc)
  const rest = [...argv]
  const flags = flagsOf(commandOf(argv))
    .filter((name) => !ambiguous.includes(name) && !isSaid(name))
    .flatMap((name) => recover(name, env, offer, rest))
  if (flags.length === 0) return undefined
  // npm has `--prod` itself, for production, and all that arrives of it is NODE_ENV.
  if (commandOf(argv) === 'env' && env['NODE_ENV'] === 'production') flags.push('--prod')
  // `npm create`, `npm init`, `npm exec` and `npx` all run us as their script "npx"; a clone's is another.
  const { npm_lifecycle_event: script = 'npx' } = env
  const typed = rest.map((word) => portableWord(word) ?? word)
  // What stood behind a -- has to stay there.
  const behind = typed.findIndex((word) => word.startsWith('-'))
  const front = behind < 0 ? typed : typed.slice(0, behind)
  const words =
    script === 'npx'
      ? ['npm create start-convex-auth@latest', ...front, '--', ...typed.slice(front.length)]
      : [`npm run ${script} --`, ...typed]
  words.push(...flags)
  return { flags, command: words.join(' ') }
}

/** The flag as it was typed; takes its value out of `rest` when npm left it there. */
function recover(name: QuestionName, env: Env, offer: Offer, rest: string[]): string[] {
  const { kind, negatable }: Question = questions[name]
  const value = env[`npm_config_${name.replaceAll('-', '_')}`]
  const isOn = (flag: string) => env[`npm_config_${flag}`] === 'true'
  // npm reads `--pm pnpm` as its own -p and -m: --parseable --message pnpm.
  if (name === 'pm' && isOn('parseable')) {
    const { npm_config_message: message = '' } = env
    return valuesOf(name, offer).includes(message) ? [`--pm ${message}`] : []
  }
  // npm 11 completes `--to` to its --token-description.
  const { npm_config_token_description: version } = env
  if (name === 'to' && version) return [`--to ${version}`]
  // And `--apply` as -a -p -l -y.
  if (name === 'apply') {
    return ['all', 'parseable', 'long', 'yes'].every(isOn) ? ['--apply'] : []
  }
  // npm 8 takes `--install` for its --install-links, and `--no-install` for its default.
  if (name === 'install' && isOn('install_links')) return ['--install']
  // `git` is npm's path of git, which makes `--git` empty and `--no-git` false.
  if (name === 'git' && value !== 'false') return value === '' ? ['--git'] : []
  if (value === undefined) return []
  if (kind === 'boolean' && value === 'true') return [`--${name}`]
  const isDenied = value === '' || value === 'false'
  // `email` is an address to registries of old, which a variable may name.
  if (kind === 'boolean' && !(negatable && isDenied)) return []
  if (isDenied) return [`--no-${name}`]
  return value
    .split('\n\n')
    .map((one) => (one === 'true' ? takeValue(name, offer, rest) : one))
    .map((word) => `--${name} ${portableWord(word) ?? word}`)
}

function takeValue(name: QuestionName, offer: Offer, rest: string[]): string {
  const { kind } = questions[name]
  const known = valuesOf(name, offer)
  const couldBe = (word: string) =>
    freeValues[kind]?.form.test(word) ?? word.split(',').every((part) => known.includes(part))
  // A name could be any word; the first one is the directory.
  const index = kind === 'name' ? rest.length - 1 || -1 : rest.findIndex(couldBe)
  return index < 0 ? exampleOf(name, offer) : rest.splice(index, 1).join()
}
