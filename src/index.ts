import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isatty } from 'node:tty'
import type { Context } from './commands/context.ts'
import { create } from './commands/create.ts'
import { writeOut } from './system/output.ts'
import { CliError } from './errors.ts'
import type { ExitCode } from './errors.ts'
import { builtinLayers } from './layers/builtin.ts'
import { helpText } from './options/help.ts'
import { offerOf } from './options/offer.ts'
import { commandOf, parse } from './options/parse.ts'
import type { CommandName, Flags } from './options/questions.ts'
import { swallowedByNpm } from './options/swallowed.ts'
import { errorDocument, errorReport } from './report/error.ts'
import { marksFor, styleFor, wantsColors } from './report/style.ts'

declare const GENERATOR_VERSION: string

const argv = process.argv.slice(2)

async function main(): Promise<void> {
  const builtin = builtinLayers(import.meta.dirname)
  const offer = offerOf(builtin)
  const swallowed =
    swallowedByNpm(argv, process.env, offer) &&
    swallowedByNpm(argv, process.env, offer, npmrcTexts())
  if (swallowed) throw swallowedError(swallowed.flags, swallowed.command)
  const flags = parse(argv, offer)
  const command = commandOf(argv)
  if (flags.help) return writeOut(1, helpText(GENERATOR_VERSION, offer, command))
  if (flags.version) return writeOut(1, `${GENERATOR_VERSION}\n`)
  // For the programs that we run, and for prompts.
  if (flags.color === false) process.env['NO_COLOR'] = '1'
  const run = await commands[command]()
  const exitCode = await run(flags, contextFor(flags, builtin, offer))
  if (exitCode) process.exitCode = exitCode
}

type Command = (flags: Flags, context: Context) => Promise<void | ExitCode>

const commands: Readonly<Record<CommandName, () => Command | Promise<Command>>> = {
  create: () => create,
  setup: async () => (await import('./commands/setup.ts')).setup,
  env: async () => (await import('./commands/env.ts')).env,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
}

/** The facts of the run, decided here and nowhere else. */
function contextFor(flags: Flags, builtin: Context['builtin'], offer: Context['offer']): Context {
  const { env, platform, versions } = process
  const [json, verbose] = [flags.json === true, flags.verbose === true]
  const shows = isatty(1)
  const isDumb = env['TERM'] === 'dumb'
  const marks = marksFor(env, platform)
  const print = (text: string) => writeOut(1, text)
  return {
    cwd: process.cwd(),
    env,
    version: GENERATOR_VERSION,
    nodeVersion: versions.node,
    isDeno: 'deno' in versions,
    builtin,
    offer,
    interactive: shows && isatty(0) && !json && !flags.yes,
    isDumb,
    json,
    verbose,
    style: styleFor(wantsColors(flags.color, env, shows), marks),
    screen: {
      print: json ? () => {} : print,
      isLive: shows && !isDumb && !json && !verbose,
      frames: marks.frames,
    },
    print,
    log: (text) => writeOut(2, text),
  }
}

/** What users set in `.npmrc` arrives the same way as a flag that npm swallowed. */
function npmrcTexts(): string {
  const { env } = process
  const files = [
    env['npm_config_userconfig'],
    env['npm_config_globalconfig'],
    join(env['npm_config_local_prefix'] ?? '.', '.npmrc'),
  ]
  return files.map(npmrcText).join('\n')
}

function npmrcText(path: string | undefined): string {
  try {
    return path === undefined ? '' : readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function swallowedError(flags: readonly string[], command: string): CliError {
  const forms = flags.join(' ')
  return new CliError(`npm took ${forms} as its own. Flags for this command go after --:`, {
    exitCode: 2,
    fix: command,
  })
}

const bugFix = 'This is a bug in create-start-convex-auth. --verbose shows where; please report it.'

/** Says what went wrong, on standard error or as the document of `--json`. */
function fail(error: unknown): number {
  const said = (flag: string) => argv.includes(flag)
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  const own = error instanceof CliError ? error : undefined
  const { exitCode, fix } = own ?? { exitCode: 1, fix: bugFix }
  const failure = {
    message,
    fix,
    exitCode,
    details: own?.details,
    stack: said('--verbose') ? stack : undefined,
  }
  if (said('--json')) {
    writeOut(1, `${JSON.stringify(errorDocument(failure), null, 2)}\n`)
  } else {
    const flag: Flags['color'] = said('--no-color') ? false : undefined
    const colors = wantsColors(flag, process.env, isatty(2))
    writeOut(2, errorReport(failure, styleFor(colors)))
  }
  return exitCode
}

main().catch((error: unknown) => {
  process.exitCode = fail(error)
})
