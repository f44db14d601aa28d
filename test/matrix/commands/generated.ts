import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cli } from '../../helpers/cli.ts'

interface Step {
  readonly commands: readonly string[]
}

/** The part of the `--json` document that holds commands. */
export interface Printed {
  readonly version: string
  readonly next: readonly Step[]
  readonly providers: readonly Step[]
  readonly services: readonly Step[]
  readonly variables: readonly string[]
  readonly production: readonly string[]
  readonly repeat: string
}

interface Generating {
  readonly cwd: string
  readonly args: readonly string[]
}

/** Runs the installed command in a folder, made where it is missing; answers standard output. */
export async function generate({ cwd, args }: Generating): Promise<string> {
  mkdirSync(cwd, { recursive: true })
  const { exitCode, stdout, stderr } = await cli(args, { cwd })
  if (exitCode !== 0) throw new Error(`It ended with ${exitCode}:\n${stderr}`)
  return stdout
}

/** Every command of the document, in the order of the report. */
export function commandsOf(printed: Printed): string[] {
  const steps = [...printed.next, ...printed.providers, ...printed.services]
  return [
    ...steps.flatMap(({ commands }) => commands),
    ...printed.variables,
    ...printed.production,
    printed.repeat,
  ]
}

/** The lines of the report for people that can be copied; the other indented ones are notes. */
export function copyableLines(report: string): string[] {
  return report
    .split('\n')
    .filter((line) => /^ {3}\S/.test(line))
    .filter((line) => !/^ {3}(?:\S.* {2}https?:|Each of these asks)/.test(line))
    .map((line) => line.slice(3))
}

/** `convex env set NAME value`'s secret, which differs from run to run. */
export const withoutSecret = (text: string) => text.replaceAll(/\b[0-9a-f]{64}\b/g, 'SECRET')

/** Path → bytes of every file, in Latin-1 so that no byte is lost. */
export function treeOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Object.fromEntries(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'latin1')]),
  )
}
