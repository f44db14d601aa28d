import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { COMBINATIONS } from '../helpers/combinations.ts'
import { pathFor, runWell } from '../helpers/run.ts'
import { fillSignIn, fillSignUp } from './checks/account.ts'
import { ask, expectUncached } from './checks/answers.ts'
import { load } from './checks/guard.ts'
import { HOSTS, type Host } from './hosts/table.ts'
import { startBackend, type Backend } from './support/backend.ts'
import { launchBrowser } from './support/browser.ts'
import { createAccount, hydrated, newUser, postAuth } from './support/people.ts'
import { startServer, type Server } from './support/process.ts'
import { PROVIDER_ORIGINS, startProvider, type Provider } from './support/provider.ts'
import { REGISTRATION, registrationEnv, type Site } from './support/site.ts'
import { withVisit, type Visit } from './support/visit.ts'
import { ON_HOSTS } from './support/workspace.ts'

const combination = COMBINATIONS.find(({ name }) => `${name}-hosts` === ON_HOSTS)

const OUTPUTS = ['.output', '.vercel', '.netlify', '.wrangler', 'dist']

let provider: Provider
let backend: Backend
let browser: Browser
let builtFor: string | undefined

beforeAll(async () => {
  const workspace = inject('workspace')
  await commitAll(join(workspace.home, ON_HOSTS))
  browser = await launchBrowser()
  provider = await startProvider(REGISTRATION)
  backend = await startBackend({
    workspace,
    name: ON_HOSTS,
    ports: portsOf(),
    env: Object.assign({}, ...(combination?.providers ?? []).map(registrationEnv)),
    routes: Object.fromEntries(PROVIDER_ORIGINS.map((from) => [from, provider.url])),
  })
})

afterAll(async () => {
  await browser?.close()
  await backend?.stop()
  await provider?.close()
})

describe.each(HOSTS)('$name', (host) => {
  let app: Server
  let site: Site

  beforeAll(async () => {
    app = await buildAndStart(host)
    site = siteOn(host, app)
  })
  afterAll(() => app?.stop())

  const visit = (title: string, act: (visit: Visit) => Promise<void>) =>
    test(title, () => withVisit(browser, site, title, act))

  visit('sign up, reload, sign out, sign in', stay)
  visit('sign in with GitHub', signInWithGitHub)

  test('every page has its styles, and the build its files', async () => {
    const html = await (await load(site, '/')).text()
    const [, styles = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(html) ?? []
    expect((await load(site, styles)).headers.get('content-type')).toMatch(/^text\/css/)
    for (const file of readdirSync(join(site.appDir, host.files, 'assets'))) {
      const { status, headers } = await ask(site.url, `/assets/${file}`)
      expect(status, file).toBe(200)
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    }
  })

  test('the README says how', () => {
    expect(readFileSync(join(site.appDir, 'README.md'), 'utf8')).toContain(host.readme)
  })

  test('what the host gets is no part of the code', async () => {
    const where = { cwd: site.appDir, env: { PATH: await pathFor() } }
    expect(await runWell('git', ['status', '--porcelain'], where)).toBe('')
    await runWell('npm', ['run', 'lint'], where)
  })

  test('nothing else is cached, and a token never', async () => {
    const { cookie } = await createAccount(site)
    await expectUncached(site.url, cookie)
    for (const path of ['/assets/no-such.css', '/assets/x/../no-such.css']) {
      const { status, body } = await ask(site.url, path, 'GET', cookie)
      expect(status).toBe(404)
      expect(body).not.toMatch(/<html|eyJ/)
    }
  })

  test('a method that is not taken, and another site, are refused', async () => {
    const put = await ask(site.url, '/api/auth/get-session', 'PUT')
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST'])
    const headers = { 'content-type': 'application/json', origin: 'https://evil.example' }
    const url = `${site.url}/api/auth/sign-up/email`
    const body = JSON.stringify(newUser())
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(403)
  })
})

const portsOf = () => {
  const ports = inject('workspace').ports[ON_HOSTS]
  if (ports) return ports
  throw new Error(`There is no ${ON_HOSTS} in this workspace`)
}

async function commitAll(cwd: string): Promise<void> {
  const git = (...args: string[]) => runWell('git', args, { cwd })
  await git('init', '--quiet')
  await git('add', '--all')
  await git(
    '-c',
    'user.name=Test',
    '-c',
    'user.email=test@example.com',
    'commit',
    '--allow-empty',
    '-qm',
    'All',
  )
}

/** As the README says for this host. Docker runs what was built for Node. */
async function buildAndStart({ preset, program, command }: Host): Promise<Server> {
  const cwd = join(inject('workspace').home, ON_HOSTS)
  const env = { PATH: await pathFor(...(program ? [program] : [])), NITRO_PRESET: preset }
  if (builtFor !== preset) {
    for (const output of OUTPUTS) rmSync(join(cwd, output), { recursive: true, force: true })
    await runWell('npm', ['run', 'build'], { cwd, env })
    builtFor = preset
  }
  const { app: port } = portsOf()
  return startServer({ command: command(port), cwd, port, env, path: '/sign-in' })
}

function siteOn(host: Host, app: Server): Site {
  if (!combination) throw new Error(`${ON_HOSTS} is no combination`)
  const appDir = join(inject('workspace').home, ON_HOSTS)
  const log = () => `# app\n${app.log()}\n\n# backend\n${backend.log()}`
  const { url, stop } = app
  return { name: host.name, combination, url, appDir, app, backend, provider, log, stop }
}

async function stay({ page, site, step }: Visit): Promise<void> {
  const user = newUser()
  await step('sign up', async () => {
    await page.goto('/sign-up')
    await fillSignUp(page, user)
    await page.getByText('Hello, Ada').waitFor()
  })
  await step('a task, live', async () => {
    await page.getByLabel('New task').fill(site.name)
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('checkbox', { name: site.name }).waitFor()
  })
  await step('a reload, rendered on the server', async () => {
    const response = await page.reload()
    expect(await response?.text()).toContain('Hello, Ada')
  })
  await step('a server function', async () => {
    await page.goto('/settings')
    await hydrated(page)
    await page.getByLabel('Current password').fill(user.password)
    await page.getByLabel('New password').fill('a brand new password')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Your password is changed').waitFor()
  })
  await step('sign out', async () => {
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.waitForURL('**/sign-in?*')
    expect((await load(site, '/dashboard')).status).toBe(307)
  })
  await step('sign in', async () => {
    await hydrated(page)
    await fillSignIn(page, { email: user.email, password: 'a brand new password' })
    await page.waitForURL('**/settings')
    expect((await postAuth(site, 'sign-in/email', user)).status).toBe(401)
  })
}

async function signInWithGitHub({ page, context, site, step }: Visit): Promise<void> {
  const id = Math.floor(Math.random() * 1e9)
  provider.person = { id: String(id), name: 'Grace Hopper', email: `grace.${id}@example.com` }
  await context.route(
    (url) => PROVIDER_ORIGINS.includes(url.origin),
    async (route) => {
      const { pathname, search } = new URL(route.request().url())
      await route.fulfill({
        response: await route.fetch({ url: provider.url + pathname + search }),
      })
    },
  )
  await step('there and back', async () => {
    await page.goto('/sign-in')
    await hydrated(page)
    await page.getByRole('button', { name: 'Continue with GitHub' }).click()
    await page.getByRole('link', { name: 'Authorize' }).click()
    await page.getByText('Hello, Grace').waitFor()
    expect(page.url()).toBe(`${site.url}/dashboard`)
  })
}
