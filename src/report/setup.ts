import { CliError } from '../errors.ts'
import type { Plan } from '../plan/types.ts'
import type { StepError, StepName, StepResult } from '../setup/step.ts'
import { section, warningLine } from './created.ts'
import { goThere, linesThere, providerSteps, runStep, serviceSteps } from './next-steps.ts'
import type { NextInput } from './next-steps.ts'
import type { Style } from './style.ts'

const titles: Readonly<Record<StepName, string>> = {
  install: 'the dependencies',
  commit: 'the first commit',
  deployment: 'the Convex deployment',
  variables: "the deployment's variables",
}

const sentences: Readonly<Record<StepName, string>> = {
  install: 'The dependencies are installed.',
  commit: 'The first commit is made.',
  deployment: 'The app is connected to its Convex deployment.',
  variables: 'The variables of the deployment are set, the secret too.',
}

/** Which files of the user's the app's text follows in. */
export function keptSentences(plan: Plan): string[] {
  const paths = [...plan].flatMap(([path, { present }]) => (present === undefined ? [] : [path]))
  if (paths.length === 0) return []
  return [`What was in ${paths.join(', ')} is kept; what the app needs was added.`]
}

/** What the set-up did, as sentences. */
export function stepSentences(done: readonly StepResult[]): string[] {
  return done.map(({ step, before, seconds = 0 }) => {
    if (before) return sentences[step].replace(/\.$/, ' already.')
    return sentences[step] + (seconds > 0 ? ` It took ${seconds} s.` : '')
  })
}

/** What the command `setup` did, and what comes next. */
export function setupReport(
  done: readonly StepResult[],
  input: NextInput,
  warnings: readonly string[],
  style: Style,
): string {
  const lines = stepSentences(done).map((line) => `${style.good(style.check)} ${line}`)
  return [
    `\n${lines.join('\n')}`,
    ...warnings.map((warning) => warningLine(warning, style)),
    ...[...goThere(input.path), runStep(input)].map((step) => section(step, style)),
    ...[...providerSteps(input), ...serviceSteps(input)].map((step) => section(step, style)),
    '',
  ].join('\n\n')
}

/**
 * The error of a set-up that stopped: at which step, what is done, and how to
 * go on from there.
 *
 * @param path - from here to the app, where alone what mends it works; empty when it is here
 * @param commands - to go on
 */
export function stopped(
  error: StepError,
  { path, commands }: { readonly path: string; readonly commands: readonly string[] },
): CliError {
  const { step, done, exitCode, fix, details = {} } = error
  const isCancelled = exitCode > 128
  const finished = ['the files', ...done.map((name) => titles[name])].join(', ')
  return new CliError(
    isCancelled
      ? 'Cancelled. The app is there, and nothing of it was removed.'
      : `The set-up stopped at ${titles[step]}. ${error.message}`,
    {
      exitCode,
      fix: [
        `Done: ${finished}. To go on from there:`,
        ...linesThere(path),
        ...(fix === undefined ? [] : [fix]),
        ...commands,
      ].join('\n'),
      details,
      cause: error,
    },
  )
}
