import { CliError } from '../errors.ts'
import { sourceFrom } from '../layers/source.ts'
import type { Flags, OptionName } from '../options/questions.ts'
import { findProject } from '../project/find.ts'
import type { RepoRecord } from '../repo/record.ts'
import type { Context } from './context.ts'
import { setup } from './setup.ts'

/**
 * Goes on with the set-up of the repository that an earlier run has made at a path, and
 * changes nothing in it.
 *
 * @throws CliError with exit code 2 when a flag asks for another repository than that; as
 *   `setup` does
 */
export async function goOn(path: string, flags: Flags, context: Context): Promise<void> {
  const { cwd } = context
  requireSameAnswers(flags, findProject(path, cwd).record, { path, cwd })
  return setup(flags, context, path)
}

/** Every answer that a flag of `create` gives, but for where it goes and what the set-up does or leaves. */
type Answered = Exclude<OptionName, 'directory' | 'install' | 'git' | 'setup'> | 'name'

function requireSameAnswers(
  flags: Flags,
  record: RepoRecord,
  { path, cwd }: { readonly path: string; readonly cwd: string },
): void {
  const { port, packageManager, name } = record.options
  const layer = (wanted: string) => record.layers.find((known) => known.name === wanted)
  const sources = record.layers.flatMap(({ origin }) => origin?.source ?? [])
  const answers: Readonly<Record<Answered, unknown>> = {
    port,
    pm: packageManager,
    name,
    tailwind: layer('tailwind') !== undefined,
    social: layer('social')?.choices.toSorted() ?? [],
    email: layer('email') !== undefined,
    layer: sources,
  }
  const differing = (Object.keys(answers) as Answered[]).filter((flag) => {
    const said =
      flag === 'layer' ? flags.layer?.map((source) => sourceFrom(path, source, cwd)) : flags[flag]
    const value = Array.isArray(said) ? said.toSorted() : said
    return said !== undefined && String(value) !== String(answers[flag])
  })
  if (differing.length === 0) return
  const list = differing
    .map((flag) => `--${[flags[flag]].flat().some(Boolean) ? '' : 'no-'}${flag}`)
    .join(', ')
  throw new CliError(`${path} is there already, made with other answers than ${list} gives.`, {
    exitCode: 2,
    fix: `Leave ${list} out to go on with the set-up of it, or choose another directory.`,
  })
}
