import prompts from 'prompts'
import type { PromptObject } from 'prompts'
import { CliError } from '../errors.ts'
import { questions } from './questions.ts'
import type { Flags, Offer } from './questions.ts'

interface Feature {
  readonly layer: string
  readonly choice?: string
}

/**
 * Asks on the terminal for what no flag said.
 *
 * @param problemWith - what speaks against a directory, as a sentence
 * @returns the flags and the answers
 * @throws CliError with exit code 130 when the user cancels, 1 when standard input ends
 */
export async function ask(
  flags: Flags,
  offer: Offer,
  problemWith: (directory: string) => string | undefined,
): Promise<Flags> {
  const open = questionsFor(flags, offer, problemWith)
  if (open.length === 0) return flags
  const { directory, features } = await untilInputEnds(prompts(open, { onCancel: cancel }))
  return {
    ...flags,
    ...(directory === undefined ? {} : { directory }),
    ...(features === undefined ? {} : featureFlags(flags, features, offer)),
  }
}

function questionsFor(
  flags: Flags,
  offer: Offer,
  problemWith: (directory: string) => string | undefined,
): PromptObject<'directory' | 'features'>[] {
  const open: PromptObject<'directory' | 'features'>[] = []
  if (flags.directory === undefined) {
    open.push({
      type: 'text',
      name: 'directory',
      message: 'Where should the app go?',
      initial: questions.directory.default,
      validate: (typed: string) => problemWith(typed) ?? true,
    })
  }
  const choices = featureChoices(flags, offer)
  if (choices.length > 0) {
    open.push({
      type: 'multiselect',
      name: 'features',
      message: 'What should it have?',
      instructions: false,
      hint: 'Space selects, Enter goes on',
      choices,
    })
  }
  return open
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
  throw new CliError('Cancelled. Nothing was written.', { exitCode: 130 })
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

function inputEnded(): CliError {
  return new CliError('Standard input ended before the last question. Nothing was written.', {
    fix: 'Give the answers as flags (--help lists them), or --yes for the defaults.',
  })
}
