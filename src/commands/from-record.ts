import { dirname, resolve } from 'node:path'
import { CliError } from '../errors.ts'
import { HOME } from '../options/name.ts'
import type { Flags } from '../options/questions.ts'
import { makePlan, withoutLocal } from '../plan/plan.ts'
import { readIfThere } from '../project/find.ts'
import { addRecord, parseRecord } from '../repo/record.ts'
import { writePlan } from '../repo/write.ts'
import { recordedInput, selectAll } from '../update/selection.ts'
import { typedPath } from '../shell.ts'
import { fetchFrom } from './app.ts'
import type { Context } from './context.ts'

const ALLOWED: readonly (keyof Flags)[] = ['directory', 'from-record', 'json', 'verbose', 'color']

/**
 * Writes the files that a record stands for, and nothing that belongs to one
 * machine: no secrets, no installation, no git. A later version asks this of an
 * earlier one, so the flag keeps its name, its meaning and its silence in every version.
 *
 * @throws CliError with exit code 2 when other answers are given; with 1 when the
 *   record can't be read or the folder isn't free
 */
export async function fromRecord(flags: Flags, context: Context): Promise<void> {
  const { cwd, home, builtin, version } = context
  const { directory, 'from-record': file = '' } = flags
  const others = Object.keys(flags).filter((flag) => !ALLOWED.includes(flag as keyof Flags))
  if (directory === undefined || others.length > 0) {
    throw new CliError(
      directory === undefined
        ? '--from-record needs a directory to write to.'
        : `The record has the answers, so --from-record takes no ${others.map((flag) => `--${flag}`).join(', ')}.`,
      {
        exitCode: 2,
        fix: 'For example: --from-record my-app/.start-convex-auth.json ./as-generated',
      },
    )
  }
  const path = resolve(cwd, file)
  const text = readIfThere(path)
  if (text === undefined) throw new CliError(`${path} isn't there.`)
  const record = parseRecord(text, typedPath(cwd, path))
  const layers = await selectAll(record, builtin, fetchFrom(dirname(path)))
  const input = recordedInput(record, version)
  const plan = addRecord(makePlan(layers, input), layers, input)
  const folder = directory.replace(HOME, () => home)
  writePlan(withoutLocal(plan), resolve(cwd, folder))
}
