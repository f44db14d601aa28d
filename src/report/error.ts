import type { Style } from './style.ts'

/** What went wrong, for a person. */
export interface Failure {
  readonly message: string
  /** The command or edit that mends it. */
  readonly fix?: string | undefined
  readonly exitCode: number
  /** Further fields of the document of `--json`. */
  readonly details?: Readonly<Record<string, unknown>> | undefined
  /** Shown with `--verbose`. */
  readonly stack?: string | undefined
}

/** The sentence, what to do about it, and with `--verbose` the stack. */
export function errorReport(failure: Failure, style: Style): string {
  const cancelled = failure.exitCode > 128
  return [
    `${cancelled ? '\n' : `${style.error('Error')}  `}${indent(failure.message)}`,
    ...(failure.fix === undefined ? [] : [`       ${indent(failure.fix)}`]),
    ...(failure.stack === undefined ? [] : ['', style.dim(failure.stack)]),
    '',
  ].join('\n')
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n       ')
}

/** The same as the one document of `--json`. */
export function errorDocument(failure: Failure): object {
  const { message, fix, exitCode, details, stack } = failure
  return {
    error: { message, fix: fix ?? null, exitCode, ...details, ...(stack && { stack }) },
  }
}
