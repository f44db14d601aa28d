import { CliError } from '../errors.ts'
import { quote } from './name.ts'
import { nearest } from '../nearest.ts'
import { commandNames, flagsOf, questions, valuesOf } from './questions.ts'
import type { CommandName, Flags, Offer, Question, QuestionName } from './questions.ts'

type GivenFlags = Map<QuestionName, { readonly value: unknown; readonly as: string }>

/** An argument that is a flag. */
interface FlagToken {
  readonly name: string
  /** As it was typed. */
  readonly rawName: string
  readonly value?: string | undefined
  /** The value stands behind `=`. */
  readonly inlineValue?: boolean
}

const names = Object.keys(questions) as QuestionName[]
const flagNames = names.filter((name) => name !== 'directory')

/** The command that is meant: the first word, if it is the name of one. */
export function commandOf(argv: readonly string[]): CommandName {
  const word = tokensOf(argv).find((token) => typeof token === 'string')
  return commandNames.find((name) => name === word) ?? 'create'
}

/**
 * Reads a command line. It fills in no defaults: what isn't there was not said.
 *
 * @param argv - the arguments, without node and the script
 * @param offer - the built-in layers, whose choices are values of flags
 * @throws CliError with exit code 2 for a flag or a value that isn't known, is
 *   missing, is there twice or contradicts another
 */
export async function parse(argv: readonly string[], offer: Offer): Promise<Flags> {
  const said: GivenFlags = new Map()
  const command = commandOf(argv)
  let named = false
  for (const token of tokensOf(argv)) {
    if (typeof token !== 'string') await sayFlag(said, token, offer, command)
    else if (!named && token === command) named = true
    else sayDirectory(said, token, command)
  }
  return Object.fromEntries([...said].map(([name, { value }]) => [name, value])) as Flags
}

/**
 * Flags, and the other arguments as they are. `parseArgs` of node:util gives
 * the same tokens, and takes a millisecond of start-up more.
 */
function tokensOf(argv: readonly string[]): (FlagToken | string)[] {
  // pnpm hands a `--` on, where npm takes it away.
  const rest = argv.filter((argument) => argument !== '--')
  const tokens: (FlagToken | string)[] = []
  for (let index = 0; index < rest.length; index++) {
    const argument = rest[index] ?? ''
    if (argument.startsWith('--')) {
      const token = longFlag(argument, rest[index + 1])
      tokens.push(token)
      if (token.value !== undefined && !token.inlineValue) index++
    } else if (/^-./.test(argument)) tokens.push(...shortFlags(argument))
    else tokens.push(argument)
  }
  return tokens
}

function longFlag(argument: string, next: string | undefined): FlagToken {
  const end = argument.indexOf('=')
  if (end > 0) {
    const rawName = argument.slice(0, end)
    const value = argument.slice(end + 1)
    return { name: rawName.slice(2), rawName, value, inlineValue: true }
  }
  const name = argument.slice(2)
  const known = flagNames.find((flag) => flag === name)
  const takesValue = known !== undefined && questions[known].kind !== 'boolean'
  return { name, rawName: argument, value: takesValue ? next : undefined }
}

/** `-yh` is `-y -h`. */
function shortFlags(argument: string): FlagToken[] {
  return Array.from(argument.slice(1), (letter) => {
    const name = flagNames.find((flag) => shortOf(questions[flag]) === letter)
    return { name: name ?? letter, rawName: `-${letter}` }
  })
}

function shortOf(question: Question): string | undefined {
  return question.kind === 'boolean' ? question.short : undefined
}

function sayDirectory(said: GivenFlags, value: string, command: CommandName): void {
  if (command !== 'create') {
    throw usage(
      `${command} takes no ${quote(value)}.`,
      `Run it in the app's folder. ${command} --help lists its flags.`,
    )
  }
  const before = said.get('directory')
  if (before) {
    throw usage(
      `Two directories were given: ${before.as} and ${quote(value)}.`,
      'Give one. A name with a space in it needs quotes around it.',
    )
  }
  said.set('directory', { value, as: quote(value) })
}

async function sayFlag(
  said: GivenFlags,
  token: FlagToken,
  offer: Offer,
  command: CommandName,
): Promise<void> {
  const known = flagsOf(command)
  const name = known.find((flag) => flag === token.name)
  const denied = known.find((flag) => `no-${flag}` === token.name && isNegatable(questions[flag]))
  if (name === undefined && denied === undefined) throw await unknownFlag(token, known)
  const value = denied ? denial(denied, token) : await valueOf(name as QuestionName, token, offer)
  say(said, (name ?? denied) as QuestionName, value, token)
}

function isNegatable(question: Question): boolean {
  return question.kind === 'choices' || (question.kind === 'boolean' && question.negatable === true)
}

function denial(name: QuestionName, token: FlagToken): unknown {
  if (token.inlineValue) throw superfluousValue(token)
  return questions[name].kind === 'boolean' ? false : []
}

function say(said: GivenFlags, name: QuestionName, value: unknown, token: FlagToken): void {
  const as = token.rawName
  const before = said.get(name)
  if (before && questions[name].kind === 'sources') {
    said.set(name, { as, value: [...(before.value as []), value].flat() })
    return
  }
  if (before) {
    throw before.as.startsWith('--no-') === as.startsWith('--no-')
      ? usage(`${as} is there twice.`, 'Give it once.')
      : usage(`${before.as} and ${as} contradict each other.`, 'Give one.')
  }
  said.set(name, { value, as })
}

async function valueOf(name: QuestionName, token: FlagToken, offer: Offer): Promise<unknown> {
  const { kind } = questions[name]
  if (kind === 'boolean') {
    if (token.inlineValue) throw superfluousValue(token)
    return true
  }
  const text = givenValue(name, token, offer)
  if (kind === 'port') return portOf(text)
  if (kind === 'sources') return [text]
  if (kind === 'origin') return originOf(text)
  const known = valuesOf(name, offer)
  const values = kind === 'choices' ? splitList(text) : [text]
  for (const value of values) {
    if (!known.includes(value)) throw await unknownValue(name, value, known)
  }
  return kind === 'choices' ? known.filter((choice) => values.includes(choice)) : text
}

function splitList(text: string): string[] {
  return text.split(',').map((part) => part.trim())
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

async function unknownFlag(token: FlagToken, flags: readonly QuestionName[]): Promise<CliError> {
  const known = flags.flatMap((name) =>
    isNegatable(questions[name]) ? [name, `no-${name}`] : [name],
  )
  const match = await nearest(token.name, known)
  return usage(
    `${quote(token.rawName)} isn't a flag of this command.`,
    match === undefined
      ? '--help lists the flags.'
      : `Did you mean --${match}? --help lists the flags.`,
  )
}

async function unknownValue(
  name: QuestionName,
  value: string,
  known: readonly string[],
): Promise<CliError> {
  const match = await nearest(value, known)
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
