import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, posix, win32 } from 'node:path'
import { chromium } from 'playwright-core'

/** What a look for a browser needs of the machine. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly exists: (path: string) => boolean
  /** Where Playwright keeps the browser that it has downloaded, if it has. */
  readonly downloaded: string
}

export const thisMachine: Machine = {
  platform: process.platform,
  env: process.env,
  home: homedir(),
  exists: existsSync,
  downloaded: chromium.executablePath(),
}

/** Programs of Chromium, Chrome and Edge, as their packages for Linux name them. */
const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
]

/** Below /Applications, for everyone or for one user. */
const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge']

/** Below the folders where Windows keeps programs. */
const WINDOWS_PROGRAMS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
]

/** The path of a Chromium, Chrome or Edge of this machine, or of Playwright's; undefined when there is none. */
export function findBrowser(machine: Machine = thisMachine): string | undefined {
  return [...installed(machine), machine.downloaded].find((path) => path && machine.exists(path))
}

function installed({ platform, env, home }: Machine): string[] {
  if (platform === 'win32') {
    const roots = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']]
    return roots
      .filter((root) => root !== undefined)
      .flatMap((root) => WINDOWS_PROGRAMS.map((parts) => win32.join(root, ...parts)))
  }
  if (platform === 'darwin') {
    return ['/', home].flatMap((root) =>
      MAC_APPS.map((name) => posix.join(root, `Applications/${name}.app/Contents/MacOS/${name}`)),
    )
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return COMMANDS.flatMap((name) => folders.map((folder) => posix.join(folder, name)))
}
