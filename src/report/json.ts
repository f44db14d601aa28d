import type { Target } from '../options/name.ts'
import type { Options } from '../options/questions.ts'
import type { StepDone } from '../setup/steps.ts'
import type { GitResult } from '../setup/git.ts'
import type { Created } from './created.ts'
import type { ListedFile } from './dry-run.ts'
import { productionStep, providerSteps, runStep, singleVariables, startSteps } from './steps.ts'
import type { StepsInput } from './steps.ts'

interface DocumentInput {
  readonly version: string
  readonly target: Target
  readonly options: Options
  readonly files: readonly ListedFile[]
}

/** `--json` after a run. The names of its fields don't change within a major version. */
export function createdDocument({
  created,
  git,
  ...subject
}: DocumentInput & { created: Created; git: GitResult }): string {
  return print({
    ...head(subject, created.warnings),
    dryRun: false,
    installed: created.installed,
    committed: git.committed,
    connected: created.connected === true,
    next: startSteps(created),
    providers: providerSteps(created),
    variables: singleVariables(created).commands,
    production: productionStep(created).commands,
    repeat: created.repeat,
  })
}

/** `setup --json`. */
export function setupDocument({
  version,
  root,
  done,
  warnings,
  steps,
}: {
  version: string
  root: string
  done: readonly StepDone[]
  warnings: readonly string[]
  steps: StepsInput
}): string {
  const next = [runStep(steps)]
  return print({ version, path: root, done, next, providers: providerSteps(steps), warnings })
}

/** `--json` with `--dry-run`. */
export function dryRunDocument({
  warnings,
  ...subject
}: DocumentInput & { warnings: readonly string[] }): string {
  return print({ ...head(subject, warnings), dryRun: true })
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
