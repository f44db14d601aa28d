import { join } from 'node:path'
import { CliError, isFullDisk, isUsedUpQuota } from '../errors.ts'
import { packageManagers } from '../package-managers.ts'
import { installedPackage, isPlugAndPlay, leavePlugAndPlay } from '../project/packages.ts'
import type { Project } from '../project/project.ts'
import { isOlder } from '../project/versions.ts'
import { runProgram } from '../system/program.ts'
import type { ProgramResult, ProgramOptions } from '../system/program.ts'

/** The first with `convex init`, `env set --from-file` and `env list --include-values`. */
const OLDEST = '1.47.0'

/** Runs the Convex CLI of a repository. */
export type Convex = (
  args: readonly string[],
  options?: Pick<ProgramOptions, 'input' | 'interactive' | 'show' | 'signals'>,
) => Promise<ProgramResult>

/**
 * The Convex CLI that a repository has installed. It is run by this Node
 * without a package manager, which might download another one.
 *
 * @throws CliError when there is none, or it is too old for what we ask of it
 */
export function convexOf({ root, pm }: Pick<Project, 'root' | 'pm'>): Convex {
  const found = installedPackage(root, 'convex')
  if (!found && isPlugAndPlay(root)) {
    throw new CliError(
      "Yarn's Plug'n'Play hides the Convex CLI from us, and Convex's from itself.",
      {
        fix: leavePlugAndPlay.join('\n'),
      },
    )
  }
  if (!found) {
    throw new CliError("The Convex CLI isn't installed.", { fix: pm.install })
  }
  const { version = '0' } = found.manifest
  if (isOlder(version, OLDEST)) {
    throw new CliError(`The Convex CLI is ${version}, and ${OLDEST} or newer is needed.`, {
      fix: `${packageManagers[pm.name].add} convex@latest`,
    })
  }
  const bin = join(found.folder, 'bin/main.js')
  return (args, options = {}) =>
    runProgram(process.execPath, [bin, ...args], {
      cwd: root,
      ...options,
      // A deployment that isn't there is tried for ever.
      ...(!options.interactive && {
        giveUp: { when: /(?:Attempting reconnect[^]*){2}/, milliseconds: 180_000 },
      }),
      // Without a terminal it can't ask for an account: then a local deployment will do.
      env: options.interactive
        ? {}
        : { ...withoutColors, CONVEX_AGENT_MODE: 'anonymous', ...ownMode() },
    })
}

/** For what is read here. */
const withoutColors = { FORCE_COLOR: undefined, NO_COLOR: '1' }

function ownMode(): Record<string, string> {
  const mode = process.env['CONVEX_AGENT_MODE']
  return mode ? { CONVEX_AGENT_MODE: mode } : {}
}

const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|fetch failed/
const network = 'Check the network, or the proxy.'

/** What the CLI says of a variable that has another value. */
export const CONFLICT = /already exists? with different value/

const REFUSED_KEY = /BadDeployKey|deploy key was invalid|BadAdminKey/

type Reason = readonly [pattern: RegExp, message: string, fix: (exec: string) => string]

// What the CLI says, as of 1.48.
const reasons: readonly Reason[] = [
  [
    CONFLICT,
    'Variables of the deployment have other values, and were left as they are.',
    (exec) =>
      `See them: ${exec} convex env list\nTo put those of .env.convex in their place (another secret signs everyone out):\n${exec} convex env set --force --from-file .env.convex`,
  ],
  [
    REFUSED_KEY,
    'Convex refused the key of the deployment.',
    () => 'Check CONVEX_SELF_HOSTED_ADMIN_KEY or CONVEX_DEPLOY_KEY.',
  ],
  [
    // Not a line of a stack: `cli.bundle.cjs:401:12`, `at getAccessToken (…`.
    /(?<!:)\b401\b(?!:)|\b[Uu]nauthorized|\bAccessToken\w|(?:not|be|being|get you) logged in/,
    'Convex refused the login, or has none.',
    (exec) => `${exec} convex login`,
  ],
  [
    /Cannot prompt for input/,
    'Convex asks a question, and there is no terminal to answer on.',
    (exec) => `Answer it on a terminal: ${exec} convex init`,
  ],
  [
    /Failed to fetch latest backend version|Failed to download/i,
    "Convex's local backend couldn't be downloaded.",
    () => network,
  ],
  [offline, "Convex couldn't be reached.", () => network],
  [/WebSocket error/, "The deployment doesn't answer.", () => 'Check that it runs.'],
]

/** Why a run of the Convex CLI failed, as far as its output tells, and what mends it. */
export function whyConvexFailed(
  { output, gaveUp }: ProgramResult,
  exec: string,
): { message: string; fix: string; isGuess?: boolean | undefined } | undefined {
  if (gaveUp) {
    const more = output.replaceAll(/^.*(?:WebSocket|reconnect).*$/gim, '').trim()
    const fix = `Check that it runs. ${network}`
    return { message: "The deployment doesn't answer.", fix, isGuess: more !== '' }
  }
  if (isFullDisk(output)) {
    return {
      message: 'The disk is full.',
      fix: 'Free some space, then run it again.',
      isGuess: true,
    }
  }
  const reason = reasons.find(([pattern]) => pattern.test(withoutReports(output)))
  // A word about a login or the network may stand in a report of something else.
  const isGuess = reason && ![CONFLICT, REFUSED_KEY].includes(reason[0])
  return reason && { message: reason[1], fix: reason[2](exec), isGuess }
}

/** Without what the CLI says of its own crash reports, which many networks block. */
const withoutReports = (output: string) => output.replaceAll(/^.*sentry.*$/gim, '')

/** The last lines of what a program printed, where it printed many. */
export function lastLines(output: string): string {
  const lines = output.trimEnd().split('\n')
  const rest = lines.length - LAST_LINES
  if (rest <= 0) return output
  const cut = `(${rest} lines more before these; --verbose shows everything.)`
  return [cut, ...lines.slice(-LAST_LINES), ''].join('\n')
}

const LAST_LINES = 30

/** The same for a package manager. */
export function whyInstallFailed(output: string): string | undefined {
  if (isUsedUpQuota(output)) return 'Your disk quota is used up: free some space.'
  if (isFullDisk(output)) return 'The disk is full: free some space.'
  return offline.test(output) ? `The registry couldn't be reached. ${network}` : undefined
}
