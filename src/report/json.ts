import type { Target } from '../options/name.ts'
import type { Options } from '../options/questions.ts'
import type { StepResult } from '../setup/step.ts'
import type { Creation } from './created.ts'
import type { ListedFile } from './dry-run.ts'
import {
  productionStep,
  providerSteps,
  runStep,
  serviceSteps,
  singleVariables,
  startSteps,
} from './next-steps.ts'
import type { NextInput } from './next-steps.ts'

interface DocumentInput {
  readonly version: string
  readonly target: Target
  readonly options: Options
  readonly files: readonly ListedFile[]
}

/** `--json` after a run. The names of its fields don't change within a major version. */
export function createdDocument({
  creation,
  ...input
}: DocumentInput & { creation: Creation }): string {
  return print({
    ...head(input, creation.warnings),
    dryRun: false,
    installed: creation.installed,
    committed: creation.committed,
    connected: creation.connected === true,
    next: startSteps(creation),
    providers: providerSteps(creation),
    services: serviceSteps(creation),
    variables: singleVariables(creation).commands,
    production: productionStep(creation).commands,
    repeat: creation.repeat,
  })
}

interface SetupInput {
  readonly version: string
  readonly root: string
  readonly done: readonly StepResult[]
  readonly warnings: readonly string[]
  readonly next: NextInput
}

/** `setup --json`. */
export function setupDocument({ version, root, done, warnings, next }: SetupInput): string {
  const steps = done.map(({ step, before }) => ({ step, before }))
  return print({
    version,
    path: root,
    done: steps,
    next: [runStep(next)],
    providers: providerSteps(next),
    services: serviceSteps(next),
    warnings,
  })
}

/** `--json` with `--dry-run`. */
export function dryRunDocument({
  warnings,
  ...input
}: DocumentInput & { warnings: readonly string[] }): string {
  return print({ ...head(input, warnings), dryRun: true })
}

function head(
  { version, target, options, files }: DocumentInput,
  warnings: readonly string[],
): object {
  return {
    version,
    name: target.name,
    path: target.path,
    options,
    files,
    warnings,
  }
}

export function print(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`
}
