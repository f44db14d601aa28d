import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CliError, fullDisk, isFullDisk } from '../errors.ts'
import { packageManagers } from '../package-managers.ts'
import type { PackageManager } from '../package-managers.ts'
import { readIfThere } from '../project/find.ts'
import { parsePackageJson } from '../project/packages.ts'
import type { PackageJson } from '../project/packages.ts'
import { GENERATOR } from '../repo/record.ts'
import { lastLines } from '../setup/convex.ts'
import { installSettings } from '../setup/install.ts'
import { portableWord } from '../shell.ts'
import { runProgram } from '../system/program.ts'
import type { ProgramOptions, ProgramResult } from '../system/program.ts'

/** Where the registry is asked from: the repository, whose settings count, and its package manager. */
export interface RegistryAccess {
  readonly root: string
  readonly pm: { readonly name: PackageManager }
}

/** Another version of this program. */
export interface OtherVersion {
  readonly version: string
  readonly run: (args: readonly string[], options: ProgramOptions) => Promise<ProgramResult>
  /** What else to try where it can't be run. */
  readonly otherWay: string
  /** A sentence where another package manager had to fetch it. */
  readonly note?: string
}

/**
 * A version from the registry. The project's package manager fetches and runs it, with the
 * registry, the proxy and the cache that it is set up for; npm where that can't.
 */
export async function versionFromRegistry(
  version: string,
  access: RegistryAccess,
): Promise<OtherVersion> {
  const { pm, note } = await fetcherOf(access)
  const [command = '', ...before] = packageManagers[pm].runPackage.split(' ')
  return {
    version,
    run: (args, options) =>
      runProgram(command, [...before, `${GENERATOR}@${version}`, ...args], {
        ...options,
        env: { ...options.env, ...installSettings[pm], ...QUIET, ...NOT_OURS },
      }),
    otherWay: 'If you have its package: update --from PATH',
    ...(note !== undefined && { note }),
  }
}

// npm's notice of a newer npm, and Corepack's question whether to download.
const QUIET = { npm_config_update_notifier: 'false', COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' }

/** What an `npx --package` or `npx --call` that runs us leaves for the next one. */
const NOT_OURS = { npm_config_package: undefined, npm_config_call: undefined }

async function fetcherOf({
  root,
  pm,
}: RegistryAccess): Promise<{ pm: PackageManager; note?: string }> {
  if (pm.name === 'npm') return { pm: 'npm' }
  const { exitCode, stdout } = await runProgram(pm.name, ['--version'], { cwd: root })
  if (exitCode !== 0) {
    return {
      pm: 'npm',
      note: `${pm.name} isn't on the PATH, or doesn't run: npm was asked instead.`,
    }
  }
  if (pm.name === 'yarn' && stdout.startsWith('1.')) {
    return {
      pm: 'npm',
      note: "Yarn 1 can't run a package that isn't installed: npm was asked instead.",
    }
  }
  return { pm: pm.name }
}

/**
 * A version at hand: the folder of its package, or the tarball.
 *
 * @param scratch - a folder of ours, to unpack in
 * @throws CliError when it is another package or another version, or can't be unpacked
 */
export async function versionFromPath(
  path: string,
  version: string,
  scratch: string,
): Promise<OtherVersion> {
  const fix = `npm pack ${GENERATOR}@${version}`
  const otherWay = `Fetch it again: ${fix}`
  const folder = await packageFolder(path, scratch, otherWay)
  const manifest: PackageJson & {
    readonly name?: string
    readonly bin?: Readonly<Record<string, string>>
  } = parsePackageJson(readIfThere(join(folder, 'package.json')) ?? '')
  const { [GENERATOR]: bin = '' } = manifest.bin ?? {}
  if (manifest.name !== GENERATOR) {
    throw new CliError(`${path} is no package of ${GENERATOR}.`, { fix })
  }
  if (manifest.version !== version) {
    throw new CliError(
      `${path} is ${GENERATOR} ${manifest.version}, and the app was made by ${version}.`,
      { fix },
    )
  }
  const script = join(folder, bin)
  if (!existsSync(script)) {
    const build = `npm run build --prefix ${portableWord(path) ?? path}`
    throw new CliError(`${path} has no ${bin}: it isn't built.`, {
      fix: folder === path ? build : fix,
    })
  }
  return {
    version,
    otherWay,
    run: (args, options) => runProgram(process.execPath, [script, ...args], options),
  }
}

async function packageFolder(path: string, scratch: string, otherWay: string): Promise<string> {
  if (!existsSync(path)) throw new CliError(`${path} isn't there.`, { exitCode: 2 })
  if (existsSync(join(path, 'package.json'))) return path
  // It is a part of Windows, too, since 2018.
  const { exitCode, output } = await runProgram('tar', ['-xzf', resolve(path)], { cwd: scratch })
  if (exitCode === 0) return join(scratch, 'package')
  if (exitCode === undefined) {
    throw new CliError(`tar isn't on the PATH, and ${path} is unpacked by it.`, {
      fix: 'Install tar, or unpack it yourself and name the folder.',
    })
  }
  if (isFullDisk(output)) throw fullDisk(`${path} couldn't be unpacked`)
  throw new CliError(
    `${path} is no package, or a part of it is missing. tar says:\n${lastLines(output).trim()}`,
    { fix: otherWay },
  )
}

/**
 * Writes what a version makes of a record.
 *
 * @param record - the file
 * @param folder - has to be free
 * @throws CliError when the version can't be had, or fails
 */
export async function generateAgain(
  { version, run, otherWay }: OtherVersion,
  { record, folder }: { readonly record: string; readonly folder: string },
  options: ProgramOptions,
): Promise<void> {
  const result = await run([folder, '--from-record', record, '--json'], options)
  if (result.exitCode === 0 && existsSync(folder)) return
  await options.signals?.check()
  const own = ownError(result.stdout)
  if (own) {
    throw new CliError(`${GENERATOR} ${version} can't make again what it made. ${own.message}`, {
      ...(own.fix && { fix: own.fix }),
    })
  }
  throw whyNot(`${GENERATOR} ${version}`, result, otherWay)
}

/** The document of an error, where another version printed one. */
function ownError(stdout: string): { message: string; fix: string | null } | undefined {
  const document = documentIn(stdout)
  if (document === undefined) return undefined
  const { error } = JSON.parse(document) as { error?: { message: string; fix: string | null } }
  return error
}

/** The one document of `--json`, without what a package manager says around it. */
export const documentIn = (stdout: string): string | undefined =>
  stdout.match(/^\{\n[^]*?^\}\n/gm)?.find(isJson)

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

// What npm 7 to 12, pnpm 9 to 12, Yarn 4 and Bun 1 say.
const REASONS: readonly (readonly [pattern: RegExp, reason: string, fix: string])[] = [
  [
    /quarantined|minimum ?release ?age|NO_MATURE/i,
    'is newer than the age that your package manager is set to wait for.',
    'Wait for that.',
  ],
  [
    /E404|ETARGET|NO_MATCHING_VERSION|FETCH_404|YN0082|YN0035|No candidates found|Package not found|No version matching|failed to resolve|404 Not Found| - 404/i,
    "isn't in the registry.",
    'Check which registry your package manager is set to.',
  ],
  [
    /\bE40[13]\b|ENEEDAUTH|FETCH_40[13]|YN0041|Invalid authentication| - 40[13]\b|\b40[13] (?:Unauthorized|Forbidden)/,
    "can't be fetched: the registry asks for a login, or refuses the one that it got.",
    'Log in to it, or put its token into the settings of your package manager.',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|NO_OFFLINE|ConnectionRefused|RequestError|fetch failed|Unable to connect/,
    "can't be fetched: the registry can't be reached.",
    'Check the network, or the proxy.',
  ],
  [
    /EINTEGRITY|TARBALL_INTEGRITY|BAD_TARBALL|TAR_|Integrity|unexpected end|checksum/i,
    "can't be used: what the registry sent is damaged, or cut short.",
    'Run it again.',
  ],
]

/**
 * Why a package manager couldn't get or run something, as an error for people.
 *
 * @param otherWay - what else there is to try
 */
export function whyNot(
  what: string,
  { exitCode, output }: ProgramResult,
  otherWay?: string,
): CliError {
  if (isFullDisk(output)) return fullDisk(`${what} couldn't be unpacked`)
  const known = REASONS.find(([pattern]) => pattern.test(output))
  if (known) {
    const [, reason, fix] = known
    return new CliError(`${what} ${reason}`, { fix: [fix, otherWay].filter(Boolean).join(' ') })
  }
  return new CliError(
    `${what} couldn't be run (exit code ${exitCode}). This was said:\n${lastLines(output).trim()}`,
    { fix: otherWay },
  )
}

/**
 * The newest version in the registry.
 *
 * @throws CliError when the registry can't be asked
 */
export async function newestVersion(
  access: RegistryAccess,
  options: Pick<ProgramOptions, 'signals'>,
): Promise<string> {
  const { pm } = await fetcherOf(access)
  const [command = '', ...args] = packageManagers[pm].newest.replace('NAME', GENERATOR).split(' ')
  const result = await runProgram(command, args, { ...options, cwd: access.root, env: QUIET })
  await options.signals?.check()
  const [, version] = /(?:^|")(\d+\.\d+\.\d+[0-9A-Za-z.+-]*)(?:"|\s|$)/m.exec(result.stdout) ?? []
  if (result.exitCode === 0 && version !== undefined) return version
  throw whyNot(GENERATOR, result)
}
