import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { isatty } from 'node:tty'
import { templates } from 'virtual:templates'
import type { Context } from './commands/context.ts'
import { create } from './commands/create.ts'
import { CliError, fileSystemError } from './errors.ts'
import type { ExitCode } from './errors.ts'
import { layerFromPacked } from './layers/pack.ts'
import type { PackedLayer } from './layers/pack.ts'
import { helpText } from './options/help.ts'
import { commandOf, parse } from './options/parse.ts'
import { offerOf } from './options/questions.ts'
import type { CommandName, Flags } from './options/questions.ts'
import { swallowedByNpm } from './options/swallowed.ts'
import { errorDocument, errorReport } from './report/error.ts'
import { NewerRecord } from './repo/record.ts'
import { portableWord } from './shell.ts'
import { marksFor, styleFor, wantsColors } from './report/style.ts'

declare const GENERATOR_VERSION: string

const argv = process.argv.slice(2)

async function main(): Promise<void> {
  const layers = readFileSync(join(import.meta.dirname, 'layers.json'), 'utf8')
  const packed = JSON.parse(layers) as readonly PackedLayer[]
  // In the order they are laid: the base first.
  const builtin = packed.map((layer) => layerFromPacked(layer, templates))
  const offer = offerOf(builtin)
  const swallowed =
    swallowedByNpm(argv, process.env, offer) &&
    swallowedByNpm(argv, process.env, offer, npmrcTexts())
  if (swallowed) {
    const forms = swallowed.flags.join(' ')
    throw new CliError(`npm took ${forms} as its own. Flags for this command go after --:`, {
      exitCode: 2,
      fix: swallowed.command,
    })
  }
  const flags = parse(argv, offer, homedir())
  const command = commandOf(argv)
  if (flags.help) return writeOut(1, helpText(GENERATOR_VERSION, offer, command))
  if (flags.version) return writeOut(1, `${GENERATOR_VERSION}\n`)
  // For git, whose hooks point every git below them at one repository, which may not be the app's.
  for (const name of REPOSITORY_VARIABLES) delete process.env[name]
  // For the programs that we run, and for prompts.
  if (flags.color === false) process.env['NO_COLOR'] = '1'
  const run =
    flags['from-record'] === undefined
      ? await commands[command]()
      : (await import('./commands/from-record.ts')).fromRecord
  const exitCode = await run(flags, contextFor(flags, builtin, offer))
  if (exitCode) process.exitCode = exitCode
}

/**
 * What tells git which repository is meant, and how it reads paths.
 *
 * @see https://git-scm.com/docs/git-rev-parse, `--local-env-vars`, without the settings
 */
const REPOSITORY_VARIABLES = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_PREFIX',
  'GIT_NAMESPACE',
  'GIT_LITERAL_PATHSPECS',
  'GIT_GLOB_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
]

type Command = (flags: Flags, context: Context) => Promise<void | ExitCode>

const commands: Readonly<Record<CommandName, () => Command | Promise<Command>>> = {
  create: () => create,
  update: async () => (await import('./commands/update.ts')).update,
  layer: async () => (await import('./commands/layer.ts')).layer,
  setup: async () => (await import('./commands/setup.ts')).setup,
  env: async () => (await import('./commands/env.ts')).env,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  add: async () => (await import('./commands/add.ts')).add,
  remove: async () => (await import('./commands/remove.ts')).remove,
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
    home: homedir(),
    env,
    version: GENERATOR_VERSION,
    nodeVersion: versions.node,
    isDeno: 'deno' in versions,
    isNpm: env['npm_config_user_agent']?.startsWith('npm/') === true,
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
  const texts = files.map((path) => {
    try {
      return path === undefined ? '' : readFileSync(path, 'utf8')
    } catch {
      return ''
    }
  })
  return texts.join('\n')
}

/** What a system says of a stream that nobody reads any more; EIO of a closed terminal. */
const GONE = ['EPIPE', 'EOF', 'EBADF', 'EIO', 'ENXIO']

/** Writes text to a standard stream. A reader that has gone away (`| head`, a closed terminal) is no error. */
function writeOut(fd: 1 | 2, text: string): void {
  const stream = fd === 1 ? process.stdout : process.stderr
  if (stream.listenerCount('error') === 0) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!GONE.includes(error.code ?? '')) throw error
    })
  }
  stream.write(text)
}

/** What a system says of a disk or of permissions. */
const NO_BUG = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EFBIG', 'EIO']

const bugFix = 'This is a bug in create-start-convex-auth. --verbose shows where; please report it.'

/** Says what went wrong, on standard error or as the document of `--json`. */
function fail(error: unknown): number {
  const said = (flag: string) => argv.includes(flag)
  const { code = '', syscall } = (error ?? {}) as NodeJS.ErrnoException
  const known = NO_BUG.includes(code) || syscall === 'uv_cwd' ? fileSystemError(error) : error
  const own = known instanceof CliError ? known : undefined
  const { message, stack } = known instanceof Error ? known : new Error(String(known))
  const { exitCode, fix } = own ?? { exitCode: 1, fix: bugFix }
  // The same again, by the version that can.
  const again = argv.map((word) => portableWord(word) ?? word)
  const failure = {
    message,
    fix: own instanceof NewerRecord ? [fix, ...again].join(' ') : fix,
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
