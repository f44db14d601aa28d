import { CliError } from '../errors.ts'
import type { Flags, Offer } from './questions.ts'

/** What the questions need of whoever asks them. */
export interface PromptContext {
  readonly offer: Offer
  /** What speaks against a directory, as a sentence. */
  readonly problemWith: (directory: string) => string | undefined
  /** What the answers amount to, shown before the last question. */
  readonly summary: (flags: Flags) => string
}

export const promptCancelled = () =>
  new CliError('Cancelled. Nothing was written.', { exitCode: 130 })

export const inputEnded = () =>
  new CliError('Standard input ended before the last question. Nothing was written.', {
    fix: 'Give the answers as flags (--help lists them), or --yes for the defaults.',
  })
