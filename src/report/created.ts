import {
  productionStep,
  providerSteps,
  serviceSteps,
  singleVariables,
  startSteps,
} from './next-steps.ts'
import type { NextStep, NextInput } from './next-steps.ts'
import type { Style } from './style.ts'

/** What a run did, as far as a person wants to know. */
export interface Creation extends NextInput {
  readonly name: string
  /** Where it is, as the user said it. */
  readonly directory: string
  readonly committed: boolean
  readonly fileCount: number
  /** Titles of what was taken. */
  readonly features: readonly string[]
  /** Sentences on what was set up: `Dependencies are installed.` */
  readonly done: readonly string[]
  readonly warnings: readonly string[]
  /** The command that repeats the run. */
  readonly repeat: string
}

/** What was made, and every command that comes next. */
export function createdReport(creation: Creation, style: Style): string {
  const { bold, dim } = style
  const start = startSteps(creation).map((step, index) => section(step, style, `${index + 1}. `))
  const keys = [...providerSteps(creation), ...serviceSteps(creation)].map((step) =>
    section(step, style),
  )
  const asks = "Each of these asks for its value, which stays out of the shell's history."
  return [
    headline(creation, style),
    ...creation.warnings.map((warning) => warningLine(warning, style)),
    bold('Next'),
    ...start,
    ...(keys.length > 0 ? [...keys, dim(`   ${asks}`)] : []),
    ...(creation.connected ? [] : [section(singleVariables(creation), style)]),
    section(productionStep(creation), style),
    section({ title: 'The same again', commands: [creation.repeat] }, style),
    '',
  ].join('\n\n')
}

function headline(creation: Creation, { bold, good, dim }: Style): string {
  const features = creation.features.length ? `, with ${listed(creation.features)}` : ''
  return [
    '',
    `${good('Created')} ${bold(creation.directory)}: ${creation.fileCount} files${features}.`,
    ...creation.done.map((sentence) => dim(sentence)),
  ].join('\n')
}

/** Titles and commands; a command stands alone on its line, so that a line can be copied. */
export function section(step: NextStep, style: Style, number = ''): string {
  const width = Math.max(0, ...(step.notes ?? []).map(([label]) => label.length))
  return [
    `${number}${number ? step.title : style.bold(step.title)}`,
    ...(step.notes ?? []).map(([label, value]) => `   ${style.dim(label.padEnd(width))}  ${value}`),
    ...step.commands.map((command) => `   ${style.command(command)}`),
  ].join('\n')
}

/** A warning, marked so that it is found without colours, too. */
export function warningLine(warning: string, style: Style): string {
  return `${style.warning('Note')}  ${warning.replaceAll('\n', '\n      ')}`
}

/** `a, b and c` */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
