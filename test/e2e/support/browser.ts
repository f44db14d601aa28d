import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/**
 * The path of Chromium: the one that `CHROMIUM` names, or the system's.
 *
 * @throws when there is none, with what gets one
 */
export function chromiumPath(named = process.env['CHROMIUM']): string {
  const path = named ?? KNOWN.find((known) => existsSync(known))
  if (path !== undefined && existsSync(path)) return path
  throw new Error(
    `${named ?? 'Chromium'} is not there, and the browser tests need it: \`apt-get install chromium\`, or set CHROMIUM to the path of a Chrome`,
  )
}

/**
 * Starts Chromium.
 *
 * @throws when there is none, with what gets one; when it doesn't start
 */
export async function launchBrowser(named = process.env['CHROMIUM']): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(named),
    timeout: 30_000,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
}
