import { parseArgs } from 'node:util'
import { CliError } from '../errors.ts'
import { quote } from './name.ts'
import { nearest } from '../nearest.ts'
import { commandNames, flagsOf, questions, valuesOf } from './questions.ts'
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
 * @throws CliError with exit code 2 for a flag or a value that isn't known, is
 *   missing, is there twice or contradicts another
 */
export function parse(argv: readonly string[], offer: Offer): Flags {
  const given: GivenFlags = new Map()
  const command = commandOf(argv)
  let named = false
  for (const token of tokensOf(argv)) {
    if (token.kind === 'option') giveFlag(given, token, offer, command)
    else if (token.kind !== 'positional') continue
    else if (!named && token.value === command) named = true
    else giveDirectory(given, token.value, command)
  }
  return Object.fromEntries([...given].map(([name, { value }]) => [name, value])) as Flags
}

function tokensOf(argv: readonly string[]): readonly Token[] {
  const flags = Object.entries<Question>(questions).filter(([, { kind }]) => kind !== 'directory')
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

function giveDirectory(given: GivenFlags, value: string, command: CommandName): void {
  if (command !== 'create') {
    throw usage(
      `${command} takes no ${quote(value)}.`,
      `Run it in the app's folder. ${command} --help lists its flags.`,
    )
  }
  const before = given.get('directory')
  if (before) {
    throw usage(
      `Two directories were given: ${before.as} and ${quote(value)}.`,
      'Give one. A name with a space in it needs quotes around it.',
    )
  }
  given.set('directory', { value, as: quote(value) })
}

function giveFlag(given: GivenFlags, token: FlagToken, offer: Offer, command: CommandName): void {
  const known = flagsOf(command)
  const name = known.find((flag) => flag === token.name)
  const denied = known.find((flag) => `no-${flag}` === token.name && isNegatable(questions[flag]))
  if (name === undefined && denied === undefined) throw unknownFlag(token, known)
  const value = denied ? denial(denied, token) : valueOf(name as QuestionName, token, offer)
  give(given, (name ?? denied) as QuestionName, value, token)
}

function isNegatable(question: Question): boolean {
  return question.kind === 'choices' || (question.kind === 'boolean' && question.negatable === true)
}

function denial(name: QuestionName, token: FlagToken): unknown {
  if (token.inlineValue) throw superfluousValue(token)
  return questions[name].kind === 'boolean' ? false : []
}

function give(given: GivenFlags, name: QuestionName, value: unknown, token: FlagToken): void {
  const as = token.rawName
  const before = given.get(name)
  if (before && questions[name].kind === 'sources') {
    given.set(name, { as, value: [...(before.value as []), value].flat() })
    return
  }
  if (before) {
    throw before.as.startsWith('--no-') === as.startsWith('--no-')
      ? usage(`${as} was given twice.`, 'Give it once.')
      : usage(`${before.as} and ${as} contradict each other.`, 'Give one.')
  }
  given.set(name, { value, as })
}

function valueOf(name: QuestionName, token: FlagToken, offer: Offer): unknown {
  const { kind } = questions[name]
  if (kind === 'boolean') {
    if (token.inlineValue) throw superfluousValue(token)
    return true
  }
  const text = givenValue(name, token, offer)
  if (kind === 'port') return portOf(text)
  if (kind === 'sources') return [text]
  if (kind === 'origin') return originOf(text)
  if (kind === 'name') return text
  const known = valuesOf(name, offer)
  const values = kind === 'choices' ? text.split(',').map((part) => part.trim()) : [text]
  for (const value of values) {
    if (!known.includes(value)) throw unknownValue(name, value, known)
  }
  return kind === 'choices' ? known.filter((choice) => values.includes(choice)) : text
}

function givenValue(name: QuestionName, token: FlagToken, offer: Offer): string {
  const { value, inlineValue } = token
  // The parser takes the next flag for the value that was left out.
  if (value && (inlineValue || !value.startsWith('-'))) return value
  const example = valuesOf(name, offer)[0] ?? exampleOf(questions[name])
  throw usage(`--${name} needs a value.`, `For example: --${name} ${example}`)
}

function exampleOf(question: Question): string {
  if (question.kind === 'origin') return 'https://your-app.example'
  if (question.kind === 'name') return 'my-app'
  return question.kind === 'port' ? String(question.default) : './my-layer'
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

/**
 * A port's number.
 *
 * @throws CliError with exit code 2 when it isn't from 1 to 65535
 */
export function portOf(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65535) {
    throw usage(`--port ${quote(text)} isn't a port.`, 'Give a number from 1 to 65535.')
  }
  return port
}

function superfluousValue({ rawName }: FlagToken): CliError {
  return usage(
    `${rawName} takes no value.`,
    `Write ${rawName} alone${rawName.startsWith('--no-') ? '' : ', or leave it out'}.`,
  )
}

function unknownFlag(token: FlagToken, flags: readonly QuestionName[]): CliError {
  const known = flags.flatMap((name) =>
    isNegatable(questions[name]) ? [name, `no-${name}`] : [name],
  )
  const match = nearest(token.name, known)
  return usage(
    `${quote(token.rawName)} isn't a flag of this command.`,
    match === undefined
      ? '--help lists the flags.'
      : `Did you mean --${match}? --help lists the flags.`,
  )
}

function unknownValue(name: QuestionName, value: string, known: readonly string[]): CliError {
  const match = nearest(value, known)
  const hint = match === undefined ? '' : `Did you mean ${match}? `
  const none = isNegatable(questions[name]) ? `, or --no-${name} for none` : ''
  return usage(
    `--${name} doesn't know ${quote(value)}.`,
    `${hint}It takes ${known.join(', ')}${none}.`,
  )
}

function usage(message: string, fix: string): CliError {
  return new CliError(message, { exitCode: 2, fix })
}
