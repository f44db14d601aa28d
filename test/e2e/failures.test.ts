import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { PATIENCE_MS } from './support/patience.ts'
import { freePorts } from './support/ports.ts'
import { startServer } from './support/process.ts'

/** A folder with a `package.json` whose `start` runs this script under npm and a shell. */
function appThat(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'e2e-failure-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'start.mjs'), script)
  const scripts = { start: 'node start.mjs' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts }))
  return folder
}

const command = ['npm', 'start', '--silent'] as const

async function port(): Promise<number> {
  const [free = 0] = await freePorts(1)
  return free
}

/** It prints its process id, so that a test can ask for it. */
const HANGS = `console.log('pid', process.pid); setInterval(() => {}, 1000)`
const pidIn = (text: string) => Number(/pid (\d+)/.exec(text)?.[1])

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('a port in use is named, and nothing is started', async () => {
  const taken = createServer()
  onTestFinished(() => void taken.close())
  const number = await port()
  await new Promise<void>((resolve) => taken.listen(number, () => resolve()))
  const cwd = appThat(HANGS)
  await expect(startServer({ command: [...command], cwd, port: number })).rejects.toThrow(
    `Port ${number} is in use`,
  )
})

test('a server that ends says what it printed', async () => {
  const cwd = appThat(`console.error('No database'); process.exit(3)`)
  const starting = startServer({
    command: [...command],
    cwd,
    port: await port(),
  })
  await expect(starting).rejects.toThrow(/ended with 3\. It printed:\nNo database/)
})

test('a server that does not come up is given up, and leaves no process', async () => {
  const error = await startServer({
    command: [...command],
    cwd: appThat(HANGS),
    port: await port(),
    timeoutMs: 15_000,
  }).catch((reason: unknown) => reason as Error)
  const message = (error as Error).message
  expect(message).toMatch(/did not listen at http:\/\/localhost:\d+\/ within 15 s/)
  expect(pidIn(message)).toBeGreaterThan(0)
  // Ended, and then reaped by whoever inherited it.
  await expect.poll(() => isAlive(pidIn(message))).toBe(false)
})

test('a server dies with the one who started it, however that dies', async () => {
  const supervisor = join(import.meta.dirname, 'support/supervise.mjs')
  const parent = spawn(
    process.execPath,
    [
      '-e',
      `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: ['pipe', 'inherit', 'inherit'] })`,
      supervisor,
      ...command,
    ],
    { cwd: appThat(HANGS), stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let output = ''
  parent.stdout.setEncoding('utf8').on('data', (part) => (output += part))
  await expect.poll(() => output).toMatch(/pid \d+/)
  parent.kill('SIGKILL')
  await expect.poll(() => isAlive(pidIn(output))).toBe(false)
})

test('a missing browser is an error that says how to get one', async () => {
  await expect(launchBrowser('/no/such/chromium')).rejects.toThrow(
    /CHROMIUM names \/no\/such\/chromium, which isn't there\. Install Chrome/,
  )
})

test('a browser that dies is an error', async () => {
  const browser = await launchBrowser()
  const page = await browser.newPage()
  const session = await browser.newBrowserCDPSession()
  const waiting = page.waitForSelector('nothing', { timeout: PATIENCE_MS })
  await Promise.all([
    expect(waiting).rejects.toThrow(/has been closed/),
    session.send('Browser.crash').catch(() => {}),
  ])
  await expect.poll(() => browser.isConnected()).toBe(false)
})
