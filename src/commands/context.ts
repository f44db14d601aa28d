import type { Layer } from '../layers/layer.ts'
import type { Offer } from '../options/questions.ts'
import type { Style } from '../report/style.ts'
import type { Screen } from '../system/progress.ts'

/** The facts of a run, decided once: what it needs of the world around it. */
export interface Context {
  readonly cwd: string
  /** The user's home. */
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** The generator's version. */
  readonly version: string
  readonly nodeVersion: string
  /** Deno runs us, in place of Node. */
  readonly isDeno: boolean
  /** npm runs us: it keeps flags of its own names, `--yes` and `--prod` among them, unless they stand behind `--`. */
  readonly isNpm: boolean
  readonly builtin: readonly Layer[]
  readonly offer: Offer
  /** Someone can be asked: on a terminal, without `--yes` and without `--json`. */
  readonly interactive: boolean
  /** The terminal can't move its cursor. */
  readonly isDumb: boolean
  /** The answer is one JSON document. */
  readonly json: boolean
  /** Programs show what they print. */
  readonly verbose: boolean
  readonly style: Style
  /** Where progress is shown: with `--json`, nowhere. */
  readonly screen: Screen
  /** Writes to standard output. */
  readonly print: (text: string) => void
  /** Writes to standard error. */
  readonly log: (text: string) => void
}
