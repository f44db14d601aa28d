import { CliError } from '../errors.ts'
import type { Flags } from '../options/questions.ts'
import type { RepoRecord } from '../repo/record.ts'

/**
 * An earlier run has made the repository, and going on with its set-up changes
 * nothing in it.
 *
 * @throws CliError with exit code 2 when a flag asks for another repository than that
 */
export function requireSameAnswers(flags: Flags, record: RepoRecord, path: string): void {
  const { port, packageManager, name } = record.options
  const layer = (wanted: string) => record.layers.find((known) => known.name === wanted)
  const sources = record.layers.map(({ source }) => source).filter((source) => source !== 'builtin')
  const answers: Partial<Record<keyof Flags, unknown>> = {
    port,
    pm: packageManager,
    name,
    tailwind: layer('tailwind') !== undefined,
    social: layer('social')?.choices.toSorted() ?? [],
    layer: sources,
  }
  const differing = (Object.keys(answers) as (keyof Flags)[]).filter((flag) => {
    const said = flags[flag]
    const value = Array.isArray(said) ? said.toSorted() : said
    return said !== undefined && String(value) !== String(answers[flag])
  })
  if (differing.length === 0) return
  const list = differing.map((flag) => `--${flag}`).join(', ')
  throw new CliError(`${path} is there already, made with other answers than ${list} gives.`, {
    exitCode: 2,
    fix: `Leave ${list} out to go on with the set-up of it, or choose another directory.`,
  })
}
