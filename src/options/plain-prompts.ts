import { createInterface } from 'node:readline'
import { promptCancelled, inputEnded } from './answers.ts'
import { questions } from './questions.ts'
import type { Flags } from './questions.ts'
import type { PromptContext } from './answers.ts'

type AskLine = (question: string) => Promise<string>

/**
 * Asks what prompts.ts does, a line at a time, for terminals that can't move the cursor.
 *
 * @returns the flags and the answers
 * @throws CliError with exit code 130 when the user cancels, 1 when standard input ends
 */
export async function askLineByLine(flags: Flags, context: PromptContext): Promise<Flags> {
  const said = ['directory', 'setup', ...Object.keys(context.offer)] as const
  const isOpen = (name: string) => flags[name as keyof Flags] === undefined
  if (!said.some(isOpen)) return flags
  const lines = createInterface({ input: process.stdin, terminal: false })
  const askLine: AskLine = (question) =>
    new Promise((resolve, reject) => {
      process.stdout.write(question)
      lines.once('line', (line) => resolve(line.trim()))
      lines.once('close', () => reject(inputEnded()))
    })
  try {
    return await answers(flags, context, askLine)
  } finally {
    lines.close()
  }
}

async function answers(flags: Flags, context: PromptContext, askLine: AskLine): Promise<Flags> {
  const directory = flags.directory ?? (await directoryFrom(context, askLine))
  const features = await featuresFrom(flags, context, askLine)
  const open = flags.setup === undefined && flags.install !== false
  const setup = open ? await yes('Connect it to Convex, too?', true, askLine) : flags.setup
  const answered = { ...flags, directory, ...features, ...(setup !== undefined && { setup }) }
  process.stdout.write(context.summary(answered))
  if (!(await yes('Create it?', true, askLine))) throw promptCancelled()
  return answered
}

async function directoryFrom({ problemWith }: PromptContext, askLine: AskLine): Promise<string> {
  const initial = questions.directory.default
  for (;;) {
    const typed = (await askLine(`Where should the app go? (${initial}) `)) || initial
    const problem = problemWith(typed)
    if (problem === undefined) return typed
    process.stdout.write(`${problem}\n`)
  }
}

async function featuresFrom(
  flags: Flags,
  { offer }: PromptContext,
  askLine: AskLine,
): Promise<Flags> {
  const taken: Record<string, unknown> = {}
  for (const { name, title, choices } of Object.values(offer)) {
    if (flags[name as 'tailwind' | 'social'] !== undefined) continue
    if (choices.length === 0) {
      taken[name] = await yes(`${title}?`, questions.tailwind.default, askLine)
      continue
    }
    const chosen: string[] = []
    for (const choice of choices) {
      if (await yes(`Sign-in with ${choice.title}?`, false, askLine)) chosen.push(choice.name)
    }
    taken[name] = chosen
  }
  return taken as Flags
}

async function yes(question: string, initial: boolean, askLine: AskLine): Promise<boolean> {
  const answer = await askLine(`${question} ${initial ? '(Y/n)' : '(y/N)'} `)
  return answer === '' ? initial : /^y/i.test(answer)
}
