import { createInterface } from 'node:readline'
import prompts from 'prompts'
import type { PromptObject } from 'prompts'
import { CliError } from '../errors.ts'
import { questions } from './questions.ts'
import type { FeatureName, Flags, Offer, OfferedLayer, Question } from './questions.ts'

/** What the questions need of whoever asks them. */
export interface PromptContext {
  readonly offer: Offer
  /** The terminal can't move its cursor. */
  readonly isDumb: boolean
  /** What speaks against a directory, as a sentence. */
  readonly problemWith: (directory: string) => string | undefined
  /** What the answers amount to, shown before the last question. */
  readonly summary: (flags: Flags) => string
}

/** A layer that is taken or left, or a choice of one. */
interface Feature {
  readonly layer: string
  readonly choice?: string
  readonly title: string
  readonly hint: string
  readonly isDefault: boolean
}

/** A way to ask. */
interface Asker {
  readonly directory: (problemWith: PromptContext['problemWith']) => Promise<string>
  /** Which of them are taken. */
  readonly features: (features: readonly Feature[]) => Promise<readonly Feature[]>
  readonly confirm: (message: string, initial: boolean) => Promise<boolean>
  readonly close: () => void
}

const cancelled = ['Cancelled. Nothing was written.', { exitCode: 130 }] as const
const inputEnded = [
  'Standard input ended before the last question. Nothing was written.',
  { fix: 'Give the answers as flags (--help lists them), or --yes for the defaults.' },
] as const

/**
 * Asks on the terminal for what no flag said, shows what that amounts to, and
 * lets it be confirmed.
 *
 * @returns the flags and the answers
 * @throws CliError with exit code 130 when the user cancels, 1 when standard input ends
 */
export async function ask(flags: Flags, context: PromptContext): Promise<Flags> {
  const isOpen = ({ name }: OfferedLayer) => flags[name as FeatureName] === undefined
  const open = Object.values(context.offer).filter(isOpen)
  const asksSetup = flags.setup === undefined && flags.install !== false
  if (flags.directory !== undefined && open.length === 0 && !asksSetup) return flags
  const asker = context.isDumb ? lineByLine() : onScreen
  try {
    const directory = flags.directory ?? (await asker.directory(context.problemWith))
    const features = await askFeatures(open, asker)
    const convex = 'Connect it to Convex, too? (With an account, or locally without one)'
    const setup = asksSetup ? { setup: await asker.confirm(convex, true) } : {}
    const answered: Flags = { ...flags, directory, ...features, ...setup }
    process.stdout.write(context.summary(answered))
    if (!(await asker.confirm('Create it?', true))) throw new CliError(...cancelled)
    return answered
  } finally {
    asker.close()
  }
}

/** What was asked and not selected was declined. */
async function askFeatures(open: readonly OfferedLayer[], asker: Asker): Promise<Flags> {
  const features = open.flatMap(({ name: layer, title, hint, choices }): Feature[] => {
    const question: Question = questions[layer as FeatureName]
    const isDefault = question.kind === 'boolean' && question.default === true
    return choices.length === 0
      ? [{ layer, title: `${title}: ${hint}`, hint: '', isDefault }]
      : choices.map(({ name: choice, ...shown }) => ({ layer, choice, ...shown, isDefault }))
  })
  const taken = features.length > 0 ? await asker.features(features) : []
  const answers = open.map(({ name, choices }) => {
    const own = taken.filter(({ layer }) => layer === name)
    return [name, choices.length === 0 ? own.length > 0 : own.map(({ choice }) => choice)] as const
  })
  return Object.fromEntries(answers) as Flags
}

/** With a cursor that moves. */
const onScreen: Asker = {
  directory: (problemWith) => {
    // prompts puts an error below the line, and loses its place where that scrolls the screen.
    const rows = 4
    process.stdout.write(`${'\n'.repeat(rows)}\u001b[${rows}A`)
    return answerTo<string>(directoryQuestion(problemWith))
  },
  features: (features) =>
    answerTo<readonly Feature[]>({
      type: 'multiselect',
      name: 'answer',
      message: 'What should it have?',
      instructions: false,
      hint: 'Space selects, Enter goes on',
      choices: features.map((value) => ({
        title: value.title,
        description: value.hint,
        value,
        selected: value.isDefault,
      })),
    }),
  confirm,
  close: () => {},
}

/**
 * Asks for yes or no.
 *
 * @throws CliError as `ask` does
 */
export async function confirm(message: string, initial: boolean): Promise<boolean> {
  return answerTo<boolean>({ type: 'confirm', name: 'answer', message, initial })
}

/** What is typed is checked as it is typed. */
function directoryQuestion(problemWith: PromptContext['problemWith']): PromptObject<'answer'> {
  const initial = questions.directory.default
  // On one line: prompts loses its place below an error of several.
  const problemLine = (typed: string) => {
    const problem = problemWith(typed)
    const width = Math.max((process.stdout.columns ?? 80) - 4, 1)
    return problem && problem.length > width ? `${problem.slice(0, width - 1)}…` : problem
  }
  return {
    type: 'text',
    name: 'answer',
    message: 'Where should the app go?',
    initial,
    validate: (typed: string) => problemLine(typed) ?? true,
    onRender(this: Partial<TextPrompt>) {
      // prompts inserts what it has no use for.
      if (this._ && this._ !== withoutControl) {
        Object.assign(this, { insert: this._, _: withoutControl })
      }
      if (this.done || this.aborted) return
      const problem = problemLine(this.value || initial)
      Object.assign(this, { error: problem !== undefined, errorMsg: problem ?? '' })
    },
  }
}

/** What prompts knows of a text while it is typed. */
interface TextPrompt {
  value: string
  cursor: number
  cursorOffset: number
  readonly render: () => void
  /** Takes a key that moves nothing. */
  _: (text: string, key: Key) => void
  insert: (text: string, key: Key) => void
  readonly done: boolean
  readonly aborted: boolean
}

interface Key {
  readonly name?: string
}

/** Ctrl-U clears, as in every shell, Ctrl-W takes a word. */
function withoutControl(this: TextPrompt, text: string, key: Key): void {
  if (!/^\p{Cc}/u.test(text)) return this.insert(text, key)
  if (key.name !== 'u' && key.name !== 'w') return
  const before = this.value.slice(0, this.cursor)
  const kept = key.name === 'u' ? '' : before.replace(/[^\s/]*[\s/]*$/, '')
  this.value = kept + this.value.slice(this.cursor)
  this.cursor = kept.length
  this.cursorOffset = this.cursor - this.value.length
  this.render()
}

/** prompts waits for ever when its input ends, and takes Ctrl-D for Ctrl-C. */
async function answerTo<T>(question: PromptObject<'answer'>): Promise<T> {
  const { stdin, stdout } = process
  let end = () => {}
  const ended = new Promise<never>((_, reject) => {
    end = () => {
      stdout.write('\n\u001b[?25h')
      reject(new CliError(...inputEnded))
    }
  })
  const onKey = (_: unknown, key?: { ctrl?: boolean; name?: string }) => {
    if (key?.ctrl && key.name === 'd') end()
  }
  const onCancel = () => {
    throw new CliError(...cancelled)
  }
  stdin.once('end', end).once('error', end).prependListener('keypress', onKey)
  try {
    const { answer } = await Promise.race([prompts(question, { onCancel }), ended])
    return answer as T
  } finally {
    stdin.off('end', end).off('error', end).off('keypress', onKey).pause()
  }
}

/** A line at a time, for terminals that can't move the cursor. */
function lineByLine(): Asker {
  const lines = createInterface({ input: process.stdin, terminal: false })
  const askLine = (question: string) =>
    new Promise<string>((resolve, reject) => {
      process.stdout.write(question)
      lines.once('line', (line) => resolve(line.trim()))
      lines.once('close', () => reject(new CliError(...inputEnded)))
    })
  const confirmLine = async (question: string, initial: boolean) => {
    const answer = await askLine(`${question} ${initial ? '(Y/n)' : '(y/N)'} `)
    return answer === '' ? initial : /^y/i.test(answer)
  }
  return {
    directory: async (problemWith) => {
      const initial = questions.directory.default
      for (;;) {
        const typed = (await askLine(`Where should the app go? (${initial}) `)) || initial
        const problem = problemWith(typed)
        if (problem === undefined) return typed
        process.stdout.write(`${problem}\n`)
      }
    },
    features: async (features) => {
      const taken: Feature[] = []
      for (const feature of features) {
        const question = `${feature.choice ? 'Sign-in with ' : ''}${feature.title}?`
        if (await confirmLine(question, feature.isDefault)) taken.push(feature)
      }
      return taken
    },
    confirm: confirmLine,
    close: () => lines.close(),
  }
}
