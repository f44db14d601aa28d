/** Marks up text for a terminal; without colours every function returns what it was given. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly command: (text: string) => string
  readonly good: (text: string) => string
  readonly warning: (text: string) => string
  readonly error: (text: string) => string
  /** Marks what is well, and what is not. */
  readonly check: string
  readonly cross: string
}

/** @see https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters */
export function styleFor(colors: boolean, marks: Marks = symbols): Style {
  const sgr =
    (open: number, close: number) =>
    (text: string): string =>
      colors ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return {
    bold: sgr(1, 22),
    dim: sgr(2, 22),
    command: sgr(36, 39),
    good: sgr(32, 39),
    warning: sgr(33, 39),
    error: sgr(31, 39),
    check: marks.check,
    cross: marks.cross,
  }
}

interface Marks {
  readonly check: string
  readonly cross: string
  /** Of the spinner. */
  readonly frames: readonly string[]
}

const symbols: Marks = { check: '✓', cross: '✗', frames: [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'] }
/** In the fonts of the consoles of Linux and of Windows before its Terminal. */
const plainSymbols: Marks = { check: '√', cross: 'x', frames: ['|', '/', '-', '\\'] }

/** The marks that a terminal has in its font. */
export function marksFor(env: Readonly<Record<string, string | undefined>>, os: string): Marks {
  const isOldWindows = os === 'win32' && !env['WT_SESSION'] && !env['TERM_PROGRAM']
  return isOldWindows || env['TERM'] === 'linux' ? plainSymbols : symbols
}

/**
 * Whether to write colours: what the flag says, then FORCE_COLOR, then
 * NO_COLOR, then whether it is a terminal that shows them.
 *
 * @see https://no-color.org
 * @see https://force-color.org
 */
export function wantsColors(
  flag: boolean | undefined,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (flag !== undefined) return flag
  const force = env['FORCE_COLOR']
  if (force) return force !== '0' && force !== 'false'
  return !env['NO_COLOR'] && isTerminal && env['TERM'] !== 'dumb'
}
