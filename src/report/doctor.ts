import type { Check } from '../doctor/check.ts'
import { print } from './json.ts'
import type { Style } from './style.ts'

/**
 * One line per check, marked: well, wrong, or not to be checked, and under what is wrong the commands that mend it.
 *
 * @param path - from here to the app's folder, where these commands run
 */
export function doctorReport(checks: readonly Check[], style: Style, path = '.'): string {
  const wrong = checks.filter(({ ok }) => ok === false).length
  const open = checks.filter(({ ok }) => ok === null).length
  const end =
    wrong > 0
      ? `${wrong} of ${checks.length} checks found something.`
      : open > 0
        ? `Nothing was found, but ${open} of ${checks.length} checks couldn't be made.`
        : style.good('All is well.')
  const isElsewhere = path !== '.' && checks.some(({ fix }) => fix.length > 0)
  return [
    `\n${checks.map((one) => line(one, style)).join('\n')}`,
    ...(isElsewhere
      ? [`The commands are for the app's folder: ${style.command(`cd ${path}`)}`]
      : []),
    `${end}\n`,
  ].join('\n\n')
}

function line({ ok, message, fix }: Check, style: Style): string {
  const mark =
    ok === null ? style.warning('?') : ok ? style.good(style.check) : style.error(style.cross)
  return [`${mark} ${message}`, ...fix.map((command) => `    ${style.command(command)}`)].join('\n')
}

/** `doctor --json`. */
export function doctorDocument(
  checks: readonly Check[],
  { path, version }: { path: string; version: string },
): string {
  return print({ version, path, ok: checks.every(({ ok }) => ok !== false), checks })
}
