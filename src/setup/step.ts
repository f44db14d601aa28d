import { CliError } from '../errors.ts'
import type { Project } from '../project/project.ts'
import type { Screen } from '../system/progress.ts'
import type { Signals } from '../system/signals.ts'

/** All there is to set up, in its order. */
export const stepNames = ['install', 'commit', 'deployment', 'variables'] as const

export type StepName = (typeof stepNames)[number]

/** The repository that is set up. */
export interface Repository extends Pick<Project, 'root' | 'pm' | 'siteUrl'> {
  /** What belongs into the first commit. */
  readonly files?: readonly string[]
}

/** What the steps need of the run. */
export interface StepContext {
  /** The repository is new: what a folder above it has is not its own. */
  readonly isNew: boolean
  readonly screen: Screen
  /** Someone sits there: programs may ask. */
  readonly interactive: boolean
  /** Shows what programs print. */
  readonly verbose: boolean
  readonly signals: Signals
  /** Writes to standard error. */
  readonly log: (text: string) => void
}

/** What became of a step. */
export interface StepOutcome {
  /** It was done before the run. */
  readonly before: boolean
  readonly seconds?: number
  /** Why it isn't done, where the set-up can go on without it. */
  readonly problem?: string
}

export interface StepResult extends StepOutcome {
  readonly step: StepName
}

/**
 * A step of the set-up: does what isn't done yet.
 *
 * @throws CliError when the set-up can't go on
 */
export type Step = (repository: Repository, context: StepContext) => Promise<StepOutcome>

/** The set-up stopped at a step; the ones before it are done. */
export class StepError extends CliError {
  override name = 'StepError'
  readonly step: StepName
  readonly done: readonly StepName[]

  constructor(step: StepName, done: readonly StepName[], cause: CliError) {
    const { exitCode, fix, message } = cause
    super(message, { exitCode, cause, details: { step, done }, ...(fix !== undefined && { fix }) })
    this.step = step
    this.done = done
  }
}
