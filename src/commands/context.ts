import type { Layer } from '../layers/layer.ts'
import type { Flags, Offer } from '../options/questions.ts'
import type { Style } from '../report/style.ts'
import type { Screen } from '../system/progress.ts'

/** What a run needs of the world around it. */
export interface Context {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** The generator's version. */
  readonly version: string
  readonly nodeVersion: string
  /** Someone can be asked. */
  readonly isTerminal: boolean
  readonly builtin: readonly Layer[]
  readonly offer: Offer
  readonly style: Style
  readonly screen: Screen
  /** Writes to standard output. */
  readonly print: (text: string) => void
  /** Writes to standard error. */
  readonly log: (text: string) => void
}

/** Where progress is shown: with --json, nowhere. */
export function screenFor({ json }: Flags, { screen }: Context): Context['screen'] {
  return json ? { ...screen, isLive: false, print: () => {} } : screen
}
