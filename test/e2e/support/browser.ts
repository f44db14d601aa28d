import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { chromium, type Browser, type LaunchOptions } from 'playwright-core'
import { findBrowser } from './find-browser.ts'
import { PATIENCE_MS } from './patience.ts'

const CURE =
  'Install Chrome, Chromium or Edge, or set CHROMIUM to the path of one that is somewhere else'

/**
 * The path of the browser: the one that `CHROMIUM` names, the machine's, or Playwright's.
 *
 * @throws when there is none, with what gets one
 */
export function browserPath(named = process.env['CHROMIUM']): string {
  const path = named ?? findBrowser()
  if (path !== undefined && existsSync(path)) return path
  throw new Error(
    named === undefined
      ? `The browser tests found no browser. ${CURE}.`
      : `CHROMIUM names ${named}, which isn't there. ${CURE}.`,
  )
}

/**
 * Starts the browser.
 *
 * @throws when there is none, with what gets one; when it doesn't start
 */
export async function launchBrowser(
  named = process.env['CHROMIUM'],
  options: Pick<LaunchOptions, 'ignoreDefaultArgs'> = {},
): Promise<Browser> {
  return chromium.launch({
    ...options,
    executablePath: browserPath(named),
    timeout: PATIENCE_MS,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
}

/** A way to get a browser: what it does, in words, and its commands. */
export interface Source {
  readonly title: string
  readonly commands: readonly (readonly string[])[]
}

/** What a machine without a browser can do, the best first. */
export function sourcesFor(machine: { isRoot: boolean; isDebian: boolean }): Source[] {
  const home = dirname(createRequire(import.meta.url).resolve('playwright-core/package.json'))
  const playwright = (...args: string[]) => [process.execPath, join(home, 'cli.js'), ...args]
  const title = "Playwright's Chromium"
  const download = playwright('install', 'chromium')
  if (!machine.isRoot || !machine.isDebian) return [{ title, commands: [download] }]
  return [
    // The libraries of the system that it needs are root's to install.
    { title, commands: [download, playwright('install-deps', 'chromium')] },
    {
      title: "Debian's chromium, with apt-get",
      commands: [
        ['apt-get', 'update', '-qq'],
        ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium'],
      ],
    },
  ]
}

/** What getting a browser needs of the machine. */
export interface Getting {
  readonly find: () => string | undefined
  readonly sources: readonly Source[]
  /** Runs a command to its end; throws when it fails. */
  readonly run: (command: readonly string[]) => void
  readonly say: (text: string) => void
}

const thisMachine = (): Getting => ({
  find: () => process.env['CHROMIUM'] ?? findBrowser(),
  sources: sourcesFor({
    isRoot: process.getuid?.() === 0,
    isDebian: existsSync('/etc/debian_version'),
  }),
  run: ([program = '', ...args]) =>
    execFileSync(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }),
  say: (text) => console.error(text),
})

/**
 * Makes sure that there is a browser: gets one where none is, and says so.
 *
 * @throws when none can be had, with what was tried
 */
export function requireBrowser(getting: Getting = thisMachine()): void {
  const { find, sources, run, say } = getting
  const tried: string[] = []
  if (find() !== undefined) return
  for (const { title, commands } of sources) {
    say(`There is no browser for the tests here: getting ${title} …`)
    try {
      commands.forEach(run)
      if (find() !== undefined) return
      tried.push(`${title}: it is still not there`)
    } catch (error) {
      tried.push(`${title}: ${firstLine(error)}`)
    }
  }
  throw new Error(
    `The browser tests found no browser, and could get none. ${CURE}.\n${tried.join('\n')}`,
  )
}

function firstLine(error: unknown): string {
  const { message, stderr } = error as { message: string; stderr?: Buffer }
  const said = String(stderr ?? '')
    .split('\n')
    .find((line) => /\berror\b|^E:/i.test(line))
  return said ?? (message.split('\n')[0] || message)
}
