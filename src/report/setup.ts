import type { StepDone, StepName } from '../setup/steps.ts'
import { section, warningLine } from './created.ts'
import { providerSteps, runStep } from './steps.ts'
import type { StepsInput } from './steps.ts'
import type { Style } from './style.ts'

const titles: Readonly<Record<StepName, string>> = {
  install: 'the dependencies',
  deployment: 'the Convex deployment',
  variables: "the deployment's variables",
}

const sentences: Readonly<Record<StepName, string>> = {
  install: 'The dependencies are installed.',
  deployment: 'The app is connected to its Convex deployment.',
  variables: 'The variables of the deployment are set, the secret too.',
}

/** What the set-up did, as sentences. */
export function setupSentences(done: readonly StepDone[]): string[] {
  return done.map(({ step, before }) =>
    before ? sentences[step].replace(/\.$/, ' already.') : sentences[step],
  )
}

/** What the command `setup` did, and what comes next. */
export function setupReport(
  done: readonly StepDone[],
  input: StepsInput,
  warnings: readonly string[],
  style: Style,
): string {
  const lines = setupSentences(done).map((line) => `${style.good(style.check)} ${line}`)
  return [
    `\n${lines.join('\n')}`,
    ...warnings.map((warning) => warningLine(warning, style)),
    section(runStep(input), style),
    ...providerSteps(input).map((step) => section(step, style)),
    '',
  ].join('\n\n')
}

/** What stopped the set-up, what is done, and the commands to go on from there. */
export function stoppedAt(
  step: StepName,
  { message, fix, done }: { message: string; fix?: string | undefined; done: readonly StepName[] },
  commands: readonly string[],
): { message: string; fix: string } {
  const finished = ['the files', ...done.map((name) => titles[name])].join(', ')
  return {
    message: `The set-up stopped at ${titles[step]}. ${message}`,
    fix: [
      ...(fix === undefined ? [] : [fix]),
      `Done is: ${finished}. To go on from there:`,
      ...commands,
    ].join('\n'),
  }
}
