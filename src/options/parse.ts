import { parseArgs } from 'node:util'
import { CliError, nearest } from '../errors.ts'
import { HOME, quote } from './name.ts'
import { commandNames, exampleOf, flagsOf, questions, valuesOf } from './questions.ts'
import type { CommandName, Flags, Offer, Question, QuestionName } from './questions.ts'

/** A flag or another argument, as `parseArgs` reads it. */
type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]
type FlagToken = Extract<Token, { kind: 'option' }>

/** What was given so far, and how it was typed. */
type GivenFlags = Map<QuestionName, { readonly value: unknown; readonly as: string }>

/** The command that is meant: the first word, if it is the name of one. */
export function commandOf(argv: readonly string[]): CommandName {
  const word = tokensOf(argv).find(({ kind }) => kind === 'positional')
  return commandNames.find((name) => word && 'value' in word && name === word.value) ?? 'create'
}

/**
 * Reads a command line. It fills in no defaults: what isn't there was not said.
 *
 * @param argv - the arguments, without node and the script
 * @param offer - the built-in layers, whose choices are values of flags
 * @param home - the user's, which a `~` stands for
 * @throws CliError with exit code 2 for a flag or a value that isn't known, is
 *   missing, is there twice or contradicts another
 */
export function parse(argv: readonly string[], offer: Offer, home: string): Flags {
  const command = commandOf(argv)
  const given: GivenFlags = new Map()
  const words: string[] = []
  for (const token of tokensOf(argv)) {
    if (token.kind === 'option') giveFlag(given, token, { offer, home }, command)
    else if (token.kind === 'positional') words.push(token.value)
  }
  if (words[0] === command) words.shift()
  const flags = Object.fromEntries([...given].map(([name, { value }]) => [name, value])) as Flags
  if (questions.words.of.some((name) => name === command)) return { ...flags, words }
  const [directory, another] = words
  if (directory !== undefined && command !== 'create') {
    throw usage(
      `${command} takes no ${quote(directory)}.`,
      `Run it in the app's folder. ${command} --help lists its flags.`,
    )
  }
  if (directory !== undefined && another !== undefined) {
    throw usage(
      `Two directories were given: ${quote(directory)} and ${quote(another)}.`,
      'Give one. A name with a space in it needs quotes around it.',
    )
  }
  return directory === undefined ? flags : { ...flags, directory }
}

function tokensOf(argv: readonly string[]): readonly Token[] {
  const flags = Object.entries<Question>(questions).filter(
    ([, { kind }]) => kind !== 'directory' && kind !== 'words',
  )
  const options = flags.map(([name, question]) => {
    if (question.kind !== 'boolean') return [name, { type: 'string' }] as const
    const { short } = question
    return [name, { type: 'boolean', ...(short !== undefined && { short }) }] as const
  })
  return parseArgs({
    // pnpm hands a `--` on, where npm takes it away.
    args: argv.filter((argument) => argument !== '--'),
    options: Object.fromEntries(options),
    strict: false,
    tokens: true,
  }).tokens
}

/** What the values of flags are told from. */
interface Known {
  readonly offer: Offer
  readonly home: string
}

function giveFlag(given: GivenFlags, token: FlagToken, known: Known, command: CommandName): void {
  const as = token.rawName
  const forms = flagsOf(command).flatMap((flag) => {
    const { negatable }: Question = questions[flag]
    return [[flag, flag] as const, ...(negatable ? [[`no-${flag}`, flag] as const] : [])]
  })
  const name = new Map<string, QuestionName>(forms).get(token.name)
  if (name === undefined) {
    const match = nearest(
      token.name,
      forms.map(([form]) => form),
    )
    const hint = match === undefined ? '' : `Did you mean --${match}? `
    throw usage(`${quote(as)} isn't a flag of this command.`, `${hint}--help lists the flags.`)
  }
  const value = valueOf(name, token, known)
  const before = given.get(name)
  if (before && questions[name].kind !== 'sources') {
    throw before.as.startsWith('--no-') === as.startsWith('--no-')
      ? usage(`${as} was given twice.`, 'Give it once.')
      : usage(`${before.as} and ${as} contradict each other.`, 'Give one.')
  }
  given.set(name, { as, value: before ? [before.value, value].flat() : value })
}

function valueOf(name: QuestionName, token: FlagToken, { offer, home }: Known): unknown {
  const { kind } = questions[name]
  const { value, inlineValue, rawName } = token
  const isDenied = token.name !== name
  if (isDenied || kind === 'boolean') {
    if (inlineValue) {
      const end = isDenied ? '' : ', or leave it out'
      throw usage(`${rawName} takes no value.`, `Write ${rawName} alone${end}.`)
    }
    return kind === 'boolean' ? !isDenied : []
  }
  // The parser takes the next flag for the value that was left out.
  if (!value || (!inlineValue && value.startsWith('-'))) {
    throw usage(`--${name} needs a value.`, `For example: --${name} ${exampleOf(name, offer)}`)
  }
  if (kind === 'port') {
    const port = /^[0-9]{1,5}$/.test(value) ? Number(value) : 0
    if (port >= 1 && port <= 65535) return port
    throw usage(`--port ${quote(value)} isn't a port.`, 'Give a number from 1 to 65535.')
  }
  if (kind === 'origin') return originOf(value)
  if (kind === 'sources') return [value.replace(HOME, () => home)]
  if (kind === 'path') return value.replace(HOME, () => home)
  const isFree = kind === 'name' || kind === 'version'
  return isFree ? value : knownValue(name, value, offer)
}

function knownValue(name: QuestionName, text: string, offer: Offer): string | string[] {
  const { kind, negatable }: Question = questions[name]
  const known = valuesOf(name, offer)
  const values = kind === 'choices' ? text.split(',').map((part) => part.trim()) : [text]
  const unknown = values.find((value) => !known.includes(value))
  if (unknown === undefined) {
    return kind === 'choices' ? known.filter((choice) => values.includes(choice)) : text
  }
  const match = nearest(unknown, known)
  const hint = match === undefined ? '' : `Did you mean ${match}? `
  const none = negatable ? `, or --no-${name} for none` : ''
  throw usage(
    `--${name} doesn't know ${quote(unknown)}.`,
    `${hint}It takes ${known.join(', ')}${none}.`,
  )
}

/**
 * A site's address without what may follow its host.
 *
 * @throws CliError with exit code 2 when more follows, or it is no web address
 */
export function originOf(text: string): string {
  const [, origin = ''] = /^(https?:\/\/[a-z0-9.[\]:_-]+)\/?$/i.exec(text) ?? []
  if (URL.canParse(origin)) return new URL(origin).origin
  throw usage(
    `--site-url ${quote(text)} isn't the address of a site.`,
    'Give scheme and host, without a path: https://your-app.example',
  )
}

function usage(message: string, fix: string): CliError {
  return new CliError(message, { exitCode: 2, fix })
}
