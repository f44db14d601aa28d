import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { STACK } from './checks/guard.ts'
import { accessible } from './checks/pages.ts'
import { artifact } from './support/artifacts.ts'
import { launchBrowser } from './support/browser.ts'
import { PATIENCE_MS } from './support/patience.ts'
import { freePorts } from './support/ports.ts'
import { startServer, type Server } from './support/process.ts'
import { buildApp } from './support/workspace.ts'

// Right after `git clone`: no .env.local. `npm run dev` would make one before it
// starts Vite; a build in CI, or a Vite started by hand, has none.
describe.each([
  ['production', ['npm', 'start']],
  ['dev', ['npx', 'vite', 'dev']],
] as const)('not configured, %s', (mode, command) => {
  let browser: Browser
  let server: Server

  beforeAll(async () => {
    const workspace = inject('workspace')
    const { home, env } = workspace
    const name = `not-configured-${mode}`
    const cwd = join(home, name)
    cpSync(join(home, 'plain'), cwd, { recursive: true, verbatimSymlinks: true })
    rmSync(join(cwd, '.env.local'))
    if (mode === 'production') await buildApp(workspace, name)
    const [port = 0] = await freePorts(1)
    server = await startServer({ command: [...command], cwd, env, port, path: '/sign-in' })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test.each(['/', '/sign-in', '/dashboard'])('%s says what is missing', async (path) => {
    const response = await fetch(server.url + path, { redirect: 'manual' })
    expect(response.status).toBe(503)
    const html = await response.text()
    expect(html).toContain('VITE_CONVEX_URL, VITE_CONVEX_SITE_URL')
    expect(html).toContain('npx convex env set --from-file .env.convex')
    expect(html).not.toMatch(STACK)
  })

  test('the page lasts in a browser, and everybody can read it', async () => {
    const page = await browser.newPage({ baseURL: server.url })
    page.setDefaultTimeout(PATIENCE_MS)
    const messages: string[] = []
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) messages.push(message.text())
    })
    page.on('pageerror', (error) => messages.push(String(error)))
    await page.goto('/dashboard')
    await page.waitForLoadState('networkidle')
    await page.getByRole('heading', { name: 'One step left: connect Convex' }).waitFor()
    await accessible(page)
    await page.screenshot({ path: artifact('screenshots', mode, 'not-configured.png') })
    // The browser's own line about the status.
    expect(
      messages.filter((text) => !/the server responded with a status of 503/.test(text)),
    ).toEqual([])
  })
})
