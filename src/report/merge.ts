import type { ChangeKind, FileChange, MergeOutcome } from '../merge/types.ts'
import type { TemplateData } from '../plan/types.ts'
import { ROUTE_TREE } from '../plan/convex-generated.ts'
import { commitCommands, pathspecOf, portableWord, restoreCommand } from '../shell.ts'
import { section, warningLine } from './created.ts'
import { print } from './json.ts'
import { goThere } from './next-steps.ts'
import type { NextStep } from './next-steps.ts'
import type { Style } from './style.ts'

/** A merge, as far as a person wants to know. */
export interface MergeSummary {
  /** `Added Tailwind CSS`, or what a dry run would do. */
  readonly headline: string
  /** What a commit of it is called. */
  readonly message: string
  readonly outcome: MergeOutcome
  readonly dryRun: boolean
  /** Whether other dependencies were installed; nothing where they are the same. */
  readonly installed: boolean | undefined
  readonly pm: TemplateData['pm']
  /** From here to the project, with slashes; empty when it is here. */
  readonly path: string
  /** From the topmost folder of the repository to the project, or nothing: it has nothing else then. */
  readonly prefix: string
  /** All files were as in the last commit: going back to that loses nothing. */
  readonly wasClean: boolean
  /** What else there is to do. */
  readonly steps: readonly NextStep[]
  readonly notes: readonly string[]
}

/** In the order of the report: what needs a look stands last, next to the prompt. */
const kindWords: Readonly<Record<ChangeKind, string>> = {
  added: 'added',
  updated: 'updated',
  deleted: 'deleted',
  merged: 'merged',
  stayedDeleted: 'stays deleted',
  kept: 'kept',
  conflict: 'conflict',
}

const changeKinds = Object.keys(kindWords) as ChangeKind[]
const kindWidth = Math.max(...Object.values(kindWords).map((word) => word.length))

/** What became of each file, and the sum of it. */
export function mergeReport(summary: MergeSummary, style: Style): string {
  const { headline, outcome, dryRun, notes } = summary
  const files = changeKinds.flatMap((kind) => outcome.files.filter((file) => file.kind === kind))
  return [
    '',
    ...files.map((file) => fileLine(file, style)),
    ...(files.length > 0 ? [''] : []),
    `${style.bold(headline)}: ${countsOf(outcome)}.${dryRun ? ' Nothing was written.' : ''}`,
    ...notes.map((note) => `\n${warningLine(note, style)}`),
    '',
  ].join('\n')
}

function fileLine({ path, kind, from, note }: FileChange, style: Style): string {
  const colors: Readonly<Record<ChangeKind, (text: string) => string>> = {
    added: style.good,
    updated: (text) => text,
    deleted: style.dim,
    merged: style.command,
    stayedDeleted: style.warning,
    kept: style.warning,
    conflict: style.error,
  }
  const label = colors[kind](kindWords[kind].padEnd(kindWidth))
  const name = from === undefined ? path : `${from} → ${path}`
  const indent = ' '.repeat(kindWidth + 4)
  return `  ${label}  ${name}${note === undefined ? '' : `\n${indent}${style.dim(note)}`}`
}

/** `12 files added, 1 merged, 2 conflicts` */
function countsOf({ files }: MergeOutcome): string {
  const counts = changeKinds.flatMap((kind) => {
    const count = files.filter((file) => file.kind === kind).length
    return count === 0 ? [] : [{ kind, count }]
  })
  if (counts.length === 0) return 'no file changes'
  const words = counts.map(({ kind, count }, index) => {
    const s = count === 1 ? '' : 's'
    if (kind === 'conflict') return `${count} conflict${s}`
    return `${count}${index === 0 ? ` file${s}` : ''} ${kindWords[kind]}`
  })
  return words.join(', ')
}

/** What comes next, and the way back. */
export function mergeNextReport(summary: MergeSummary, style: Style): string {
  return ['', ...mergeSteps(summary).map((step) => section(step, style)), ''].join('\n\n').slice(1)
}

function mergeSteps(summary: MergeSummary): NextStep[] {
  const { outcome, installed, pm, path, wasClean, steps } = summary
  const conflicts = conflictsIn(outcome)
  return [
    ...goThere(path),
    ...(conflicts.length > 0 ? [conflictStep(conflicts)] : []),
    ...(installed === false ? [{ title: 'Install the dependencies', commands: [pm.install] }] : []),
    ...remakeSteps(outcome.stale, pm),
    ...steps,
    commitStep(summary, conflicts.length > 0),
    ...(wasClean ? [backStep(summary)] : []),
  ]
}

const conflictsIn = ({ files }: MergeOutcome) =>
  files.flatMap(({ path, kind }) => (kind === 'conflict' ? [path] : []))

const conflictStep = (paths: readonly string[]): NextStep => ({
  title: `Resolve the conflict${paths.length === 1 ? '' : 's'}, in your editor or with`,
  commands: ['git mergetool'],
})

function remakeSteps(stale: readonly string[], { run, exec }: MergeSummary['pm']): NextStep[] {
  const tools = [
    [`${run} build`, stale.filter((path) => path === ROUTE_TREE)],
    [`${exec} convex codegen`, stale.filter((path) => path !== ROUTE_TREE)],
  ] as const
  return tools.flatMap(([command, paths]) =>
    paths.length === 0
      ? []
      : [
          {
            title: `Have ${paths.join(' and ')} written again, by its own tool`,
            commands: [command],
          },
        ],
  )
}

const commitStep = ({ message, prefix }: MergeSummary, isOpen: boolean): NextStep => ({
  title: isOpen ? 'Then commit it' : 'Look at it, and commit it',
  commands: [
    ...(isOpen ? [] : [`git diff HEAD${prefix === '' ? '' : ' .'}`]),
    ...commitCommands(message, prefix === '' ? '' : '.'),
  ],
})

const backStep = ({ path, prefix, installed, pm }: MergeSummary): NextStep => ({
  title: 'Or take all of it back',
  commands: [
    restoreCommand((path !== '' && portableWord(pathspecOf(prefix))) || '.'),
    ...(installed ? [pm.install] : []),
  ],
})

/** The same where there is nothing to merge. */
export const nothingToMerge = (own: Readonly<Record<string, unknown>>): string =>
  print({ ...own, dryRun: false, files: [], conflicts: [], stale: [], warnings: [] })

/**
 * `--json` of a command that merges.
 *
 * @param own - the command's own fields
 * @param diff - of a dry run
 */
export const mergeDocument = (...input: Parameters<typeof mergeFields>): string =>
  print(mergeFields(...input))

/** The fields of that document. */
export function mergeFields(
  own: Readonly<Record<string, unknown>>,
  summary: MergeSummary,
  diff?: string,
): object {
  const { outcome, dryRun, installed = false, notes } = summary
  return {
    ...own,
    dryRun,
    files: outcome.files.map(({ path, kind, from = null, note = null }) => ({
      path,
      change: kind,
      from,
      note,
    })),
    conflicts: conflictsIn(outcome),
    stale: outcome.stale,
    warnings: notes,
    ...(dryRun ? { diff } : { installed, next: mergeSteps(summary) }),
  }
}
