import { flagsOf, questions, valuesOf } from './questions.ts'
import type { CommandName, Offer, Question, QuestionName } from './questions.ts'

/** What each of the other commands does in a repository that was made before. */
const others: Readonly<Record<Exclude<CommandName, 'create'>, string>> = {
  setup: 'goes on with --setup: installs, connects Convex, sets the variables',
  env: 'prints the commands that set the variables; --check, --apply',
  doctor: 'checks everything, and says what mends it',
}

/** The text of `--help`: every flag of a command, within 80 columns. */
export function helpText(version: string, offer: Offer, command: CommandName = 'create'): string {
  const title = `create-start-convex-auth ${version}`
  const exitCodes = 'Exit codes: 0 done, 1 failed, 2 wrong usage, 130 cancelled.'
  if (command !== 'create') {
    const what = `${others[command].replace(/^./, (letter) => letter.toUpperCase())}.`
    const usage = `Usage, in the app's folder or below it\n${usageOf(command)}`
    const rows = flagRows(flagsOf(command), offer)
    return [title, '', what, '', usage, '', 'Flags', ...rows, '', exitCodes, ''].join('\n')
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
    'On a terminal, what no flag says is asked. Without one, say it, or --yes.',
    exitCodes,
    '',
  ].join('\n')
}

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
  const question: Question = questions[name]
  const values = valuesOf(name, offer)
  switch (question.kind) {
    case 'directory':
      return '[directory]'
    case 'boolean':
      return question.negatable
        ? `--[no-]${name}`
        : [question.short && `-${question.short}`, `--${name}`].filter(Boolean).join(', ')
    case 'choice':
      return `--${name} ${values.join('|')}`
    case 'choices':
      return `--[no-]${name} ${values.join(',')}`
    case 'sources':
      return `--${name} ${question.placeholder}`
    case 'port':
      return `--${name} NUMBER`
    case 'name':
      return `--${name} NAME`
    case 'origin':
      return `--${name} URL`
  }
}
