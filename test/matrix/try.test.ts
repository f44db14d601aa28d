import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePorts, isFree } from '../e2e/support/ports.ts'
import { cleanEnv } from '../helpers/env.ts'

const root = join(import.meta.dirname, '../..')

/** Starts scripts/try.ts in a process group of its own. */
function startTry(port: number) {
  const flags = ['--no-tailwind', '--no-social', '--email', '--port', String(port)]
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/try.ts', ...flags], {
    cwd: root,
    env: cleanEnv(),
    detached: true,
  })
  let output = ''
  const closed = once(child, 'close') as Promise<[number | null]>
  const printed = new Promise<void>((resolve) => {
    const take = (part: string) => {
      output += part
      if (output.includes('Ctrl-C ends it')) resolve()
    }
    child.stdout.setEncoding('utf8').on('data', take)
    child.stderr.setEncoding('utf8').on('data', take)
  })
  const signal = (name: NodeJS.Signals | 0) => process.kill(-(child.pid ?? 0), name)
  onTestFinished(async () => {
    if (child.exitCode === null) signal('SIGTERM')
    await closed
  })
  return { closed, printed, signal, output: () => output }
}

test('npm run try shows the app until Ctrl-C, and leaves nothing behind', async () => {
  const [port = 0] = await freePorts(1)
  const { closed, printed, signal, output } = startTry(port)
  await Promise.race([printed, closed])
  expect(output()).toContain(`Open http://localhost:${port} `)
  const page = await fetch(`http://localhost:${port}/sign-up`)
  expect(await page.text()).toContain('Create account')
  const user = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }
  await fetch(`http://localhost:${port}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: `http://localhost:${port}` },
    body: JSON.stringify(user),
  })
  // Without it, nobody could confirm the address.
  await expect.poll(output).toContain(`http://localhost:${port}/verify-email?token=`)
  const appDir = /Its code is in (.*)\.\n/.exec(output())?.[1] ?? ''
  expect(existsSync(join(appDir, 'package.json'))).toBe(true)

  signal('SIGINT')
  expect(await closed).toEqual([130, null])
  expect(() => signal(0)).toThrow('ESRCH')
  expect(existsSync(join(appDir, '..'))).toBe(false)
  expect(await isFree(port)).toBe(true)
})

test('npm run try says which port is in use', async () => {
  const [port = 0] = await freePorts(1)
  const other = createServer().listen(port)
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { closed, signal, output } = startTry(port)
  expect(await closed).toEqual([1, null])
  expect(output()).toContain(`Port ${port} is in use`)
  expect(() => signal(0)).toThrow('ESRCH')
})
