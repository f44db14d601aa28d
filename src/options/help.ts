import { flagsOf, freeValues, questions, valuesOf } from './questions.ts'
import type { CommandName, Offer, Question, QuestionName } from './questions.ts'

/** What each of the other commands does in a repository that was made before. */
const others: Readonly<Record<Exclude<CommandName, 'create'>, string>> = {
  add: 'adds features, merged with your work: add tailwind github',
  remove: 'takes features out, and leaves what you edited',
  update: 'merges in what a newer version changed; --check, --dry-run',
  setup: 'goes on with --setup: installs, connects Convex, sets the variables',
  env: 'prints the commands that set the variables; --check, --apply',
  doctor: 'checks everything, and says what mends it',
  layer: 'check FOLDER tells the author of a layer what is wrong with it',
}

/** How a command is written that takes more than flags. */
const forms: Partial<Record<CommandName, string>> = {
  add: 'add NAME…',
  remove: 'remove NAME…',
  layer: 'layer check FOLDER',
}

/** The text of `--help`: every flag of a command, within 80 columns. */
export function helpText(version: string, offer: Offer, command: CommandName = 'create'): string {
  const title = `create-start-convex-auth ${version}`
  const exitCodes = 'Exit codes: 0 done, 1 failed, 2 wrong usage, 130 cancelled.'
  if (command !== 'create') {
    const what = `${others[command].replace(/^./, (letter) => letter.toUpperCase())}.`
    const place = command === 'layer' ? '' : ", in the app's folder or below it"
    const usage = `Usage${place}\n${usageOf(forms[command] ?? command)}`
    const takesNames = command === 'add' || command === 'remove'
    const names = takesNames ? ['', `Names: ${featureNames(offer).join(', ')}.`] : []
    const rows = flagRows(flagsOf(command), offer)
    return [title, '', what, '', usage, ...names, '', 'Flags', ...rows, '', exitCodes, ''].join(
      '\n',
    )
  }
  return [
    title,
    '',
    'Creates a TanStack Start app with Convex and Better Auth.',
    '',
    'Usage',
    usageOf('[directory]'),
    '',
    'Flags',
    ...flagRows(['directory', ...flagsOf(command)], offer),
    '',
    "In the app's folder, in the place of [directory]",
    ...Object.entries(others).map(([name, what]) => `  ${name.padEnd(8)}${what}`),
    '',
    'You are asked what no flag answers. Where there is no terminal, give the',
    'answers as flags, or --yes to take the defaults.',
    exitCodes,
    '',
  ].join('\n')
}

const featureNames = (offer: Offer) =>
  Object.values(offer).flatMap(({ name, choices }) =>
    choices.length === 0 ? [name] : choices.map((choice) => choice.name),
  )

function usageOf(word: string): string {
  return [
    `  npm create start-convex-auth@latest ${word} -- [flags]`,
    `  pnpm create start-convex-auth@latest ${word} [flags]`,
    `  yarn create start-convex-auth ${word} [flags]`,
    `  bun create start-convex-auth@latest ${word} [flags]`,
  ].join('\n')
}

function flagRows(names: readonly QuestionName[], offer: Offer): string[] {
  const rows = names.map((name) => [flagForm(name, offer), questions[name].help] as const)
  const width = Math.max(...rows.map(([form]) => form.length))
  return rows.map(([form, help]) => `  ${form.padEnd(width)}  ${help}`)
}

function flagForm(name: QuestionName, offer: Offer): string {
  const { kind, negatable, ...question }: Question = questions[name]
  const flag = negatable ? `--[no-]${name}` : `--${name}`
  if (kind === 'directory') return '[directory]'
  if (kind === 'boolean') return 'short' in question ? `-${question.short}, ${flag}` : flag
  const separator = kind === 'choice' ? '|' : ','
  return `${flag} ${freeValues[kind]?.name ?? valuesOf(name, offer).join(separator)}`
}
