/** 1: it failed, 2: wrong usage, 128 + n: ended by signal n, 130 (SIGINT) also when cancelled. */
export type ExitCode = 1 | 2 | 129 | 130 | 143

interface CliErrorOptions {
  exitCode?: ExitCode
  /** The command or the edit that mends it. */
  fix?: string
  /** Further fields of the document of `--json`. */
  details?: Readonly<Record<string, unknown>>
  cause?: unknown
}

/** An error for people: says what is wrong and where, and `fix` what mends it. */
export class CliError extends Error {
  override name = 'CliError'
  readonly exitCode: ExitCode
  readonly fix: string | undefined
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(message: string, options: CliErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.exitCode = options.exitCode ?? 1
    this.fix = options.fix
    this.details = options.details
  }
}
