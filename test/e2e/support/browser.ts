import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/**
 * Starts Chromium: the one that `CHROMIUM` names, or the system's.
 *
 * @throws when there is none, with what gets one; when it doesn't start
 */
export async function launchBrowser(named = process.env['CHROMIUM']): Promise<Browser> {
  const executablePath = named ?? KNOWN.find((path) => existsSync(path))
  if (executablePath === undefined || !existsSync(executablePath)) {
    throw new Error(
      `${named ?? 'Chromium'} is not there, and the browser tests need it: \`apt-get install chromium\`, or set CHROMIUM to the path of a Chrome`,
    )
  }
  return chromium.launch({
    executablePath,
    timeout: 30_000,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
}
