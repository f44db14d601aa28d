import prompts from 'prompts'
import type { PromptObject } from 'prompts'
import { promptCancelled, inputEnded } from './answers.ts'
import type { PromptContext } from './answers.ts'
import { questions } from './questions.ts'
import type { Flags, Offer } from './questions.ts'

interface Feature {
  readonly layer: string
  readonly choice?: string
}

/**
 * Asks on the terminal for what no flag said, shows what that amounts to, and
 * lets it be confirmed.
 *
 * @returns the flags and the answers
 * @throws CliError with exit code 130 when the user cancels, 1 when standard input ends
 */
export async function ask(flags: Flags, context: PromptContext): Promise<Flags> {
  const open = questionsFor(flags, context)
  if (open.length === 0) return flags
  const { directory, features, setup } = await untilInputEnds(prompts(open, { onCancel: cancel }))
  const answered: Flags = {
    ...flags,
    ...(directory === undefined ? {} : { directory }),
    ...(features === undefined ? {} : featureFlags(flags, features, context.offer)),
    ...(setup === undefined ? {} : { setup }),
  }
  process.stdout.write(context.summary(answered))
  if (!(await confirm('Create it?', true))) cancel()
  return answered
}

/**
 * Asks for yes or no.
 *
 * @throws CliError as `ask` does
 */
export async function confirm(message: string, initial: boolean): Promise<boolean> {
  const question = { type: 'confirm', name: 'yes', message, initial } as const
  const { yes } = await untilInputEnds(prompts(question, { onCancel: cancel }))
  return yes === true
}

type PromptQuestion = PromptObject<'directory' | 'features' | 'setup'>

function questionsFor(flags: Flags, { offer, problemWith }: PromptContext): PromptQuestion[] {
  const choices = featureChoices(flags, offer)
  const open: (PromptQuestion | false)[] = [
    flags.directory === undefined && directoryQuestion(problemWith),
    choices.length > 0 && {
      type: 'multiselect',
      name: 'features',
      message: 'What should it have?',
      instructions: false,
      hint: 'Space selects, Enter goes on',
      choices,
    },
    flags.setup === undefined &&
      flags.install !== false && {
        type: 'confirm',
        name: 'setup',
        message: 'Connect it to Convex, too? (With an account, or locally without one)',
        initial: true,
      },
  ]
  return open.filter((question) => question !== false)
}

/** What is typed is checked as it is typed. */
function directoryQuestion(problemWith: PromptContext['problemWith']): PromptQuestion {
  makeRoom()
  return {
    type: 'text',
    name: 'directory',
    message: 'Where should the app go?',
    initial: questions.directory.default,
    validate: (typed: string) => {
      const problem = problemWith(typed)
      return problem === undefined || oneLine(problem)
    },
    onRender(this: Partial<TextPrompt>) {
      takeControlKeys(this)
      if (this.done || this.aborted) return
      const problem = problemWith(this.value || questions.directory.default)
      Object.assign(this, { error: problem !== undefined, errorMsg: oneLine(problem ?? '') })
    },
  }
}

/** prompts inserts what it has no use for: Ctrl-U clears, as in every shell, Ctrl-W takes a word. */
function takeControlKeys(prompt: Partial<TextPrompt>): void {
  const { _: insert } = prompt
  if (!insert || insert === withoutControl) return
  prompt.insert = insert
  prompt._ = withoutControl
}

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

interface Key {
  readonly name?: string
}

/** On one line: prompts loses its place below an error of several. */
function oneLine(text: string): string {
  const width = (process.stdout.columns ?? 80) - 4
  return text.length > width ? `${text.slice(0, Math.max(width - 1, 0))}…` : text
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

/** prompts puts an error below the line, and loses its place where that scrolls the screen. */
function makeRoom(): void {
  const rows = 4
  process.stdout.write(`${'\n'.repeat(rows)}\u001b[${rows}A`)
}

function featureChoices(flags: Flags, offer: Offer) {
  return Object.values(offer)
    .filter(({ name }) => flags[name as 'tailwind' | 'social'] === undefined)
    .flatMap(({ name, choices, ...layer }) =>
      choices.length === 0
        ? [feature({ layer: name }, layer, questions.tailwind.default)]
        : choices.map((choice) => feature({ layer: name, choice: choice.name }, choice, false)),
    )
}

function feature(
  value: Feature,
  { title, hint }: { title: string; hint: string },
  selected: boolean,
) {
  return { title, description: hint, value, selected }
}

/** What was asked and not selected was declined. */
function featureFlags(flags: Flags, features: readonly Feature[], offer: Offer): Flags {
  const taken = (layer: string) => features.filter((feature) => feature.layer === layer)
  return Object.fromEntries(
    Object.values(offer)
      .filter(({ name }) => flags[name as 'tailwind' | 'social'] === undefined)
      .map(({ name, choices }) => [
        name,
        choices.length === 0
          ? taken(name).length > 0
          : taken(name).map((feature) => feature.choice),
      ]),
  ) as Flags
}

function cancel(): never {
  throw promptCancelled()
}

/** prompts waits for ever when its input ends, and takes Ctrl-D for Ctrl-C. */
async function untilInputEnds<T>(answers: Promise<T>): Promise<T> {
  const { stdin, stdout } = process
  let end = () => {}
  const ended = new Promise<never>((_, reject) => {
    end = () => {
      stdout.write('\n\u001b[?25h')
      reject(inputEnded())
    }
  })
  const onKey = (_: unknown, key?: { ctrl?: boolean; name?: string }) => {
    if (key?.ctrl && key.name === 'd') end()
  }
  stdin.once('end', end).once('error', end).prependListener('keypress', onKey)
  try {
    return await Promise.race([answers, ended])
  } finally {
    stdin.off('end', end).off('error', end).off('keypress', onKey).pause()
  }
}
