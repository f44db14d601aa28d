import { questions, valuesOf } from './questions.ts'
import type { Offer, Question, QuestionName } from './questions.ts'

/** The text of `--help`: every flag of the table, within 80 columns. */
export function helpText(version: string, offer: Offer): string {
  const rows = (Object.keys(questions) as QuestionName[]).map(
    (name) => [flagForm(name, offer), questions[name].help] as const,
  )
  const width = Math.max(...rows.map(([form]) => form.length))
  return [
    `create-start-convex-auth ${version}`,
    '',
    'Creates a TanStack Start app with Convex and Better Auth.',
    '',
    'Usage',
    '  npm create start-convex-auth@latest [directory] -- [flags]',
    '  pnpm create start-convex-auth@latest [directory] [flags]',
    '  yarn create start-convex-auth [directory] [flags]',
    '  bun create start-convex-auth@latest [directory] [flags]',
    '',
    'Flags',
    ...rows.map(([form, help]) => `  ${form.padEnd(width)}  ${help}`),
    '',
    'On a terminal, what no flag says is asked. Without one, say it, or --yes.',
    'Exit codes: 0 done, 1 failed, 2 wrong usage, 130 cancelled.',
    '',
  ].join('\n')
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
  }
}
