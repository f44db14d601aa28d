import { Agent, get } from 'node:http'
import { expect } from 'vitest'
import type { Suite } from '../suite.ts'
import { createAccount, callConvex, newUser } from '../support/people.ts'
import type { Site } from '../support/site.ts'

const PROTECTED = ['/dashboard', '/settings']

/** What the server answers before any script runs. */
export function guardChecks({ check }: Suite): void {
  check('the server sends signed-out visitors to sign in', async (site) => {
    for (const path of PROTECTED) {
      const response = await load(site, `${path}?from=mail`)
      expect(response.status, path).toBe(307)
      const target = new URL(response.headers.get('location') ?? '', site.url)
      expect(target.origin).toBe(site.url)
      expect(target.pathname).toBe('/sign-in')
      expect(target.searchParams.get('redirect')).toBe(`${path}?from=mail`)
    }
  })

  check('the server does not believe a made-up session', async (site) => {
    const cookie = 'better-auth.session_token=made.up; convex_jwt=made.up.too'
    for (const path of PROTECTED) {
      const response = await load(site, path, cookie)
      expect(response.headers.get('location'), path).toMatch(/^\/sign-in\?/)
      expect(await response.text()).not.toContain('Hello')
    }
  })

  check("the server's HTML holds the user and the data", async (site) => {
    const account = await createAccount(site, newUser('Grace <b>Hopper'))
    const text = 'Find the moth & <i>note it</i>'
    await callConvex(site, 'mutation', 'tasks:add', { text }, account.token)
    const dashboard = await load(site, '/dashboard', account.cookie)
    expect(dashboard.status).toBe(200)
    const html = await dashboard.text()
    expect(html).toContain('Grace &lt;b&gt;Hopper</h1>')
    expect(html).toContain(account.email)
    expect(html).toContain('Find the moth &amp; &lt;i&gt;note it&lt;/i&gt;')
    const settings = await load(site, '/settings', account.cookie)
    expect(await settings.text()).toContain('This device')
  })

  check("no page shows a session's token", async (site) => {
    const { cookie, token } = await createAccount(site)
    const secret = /session_token=([^;.]+)/.exec(cookie)?.[1] ?? ''
    expect(secret).toMatch(/^\w{20,}/)
    for (const path of ['/', ...PROTECTED]) {
      const html = await (await load(site, path, cookie)).text()
      expect(html, path).not.toContain(secret)
    }
    const sessions = await callConvex(site, 'query', 'users:listSessions', {}, token)
    expect(sessions.status).toBe('success')
    expect(JSON.stringify(sessions)).not.toContain(secret)
  })

  check('a page that is not there is a 404', async (site) => {
    const response = await load(site, '/no/such/page')
    expect(response.status).toBe(404)
    const html = await response.text()
    expect(html).toContain('Page not found')
    expect(html).not.toMatch(STACK)
  })

  // github.com/get-convex/better-auth/issues/414: every second one was an empty 400.
  check('the auth proxy answers every request in full', async (site) => {
    const { cookie, email } = await createAccount(site)
    for (let round = 1; round <= 6; round += 1) {
      const { status, body } = await getOnce(site, cookie)
      expect(status, `request ${round}`).toBe(200)
      expect(JSON.parse(body)).toMatchObject({ user: { email } })
    }
  })
}

/** A line of a stack, or a path of the machine. */
export const STACK = /\n\s+at |node_modules\/|file:\/\/|_ssr\/|\.tsx?:\d+/

export const load = (site: Site, path: string, cookie = '') =>
  fetch(site.url + path, {
    redirect: 'manual',
    headers: { cookie, accept: 'text/html' },
  })

/** On a connection of its own, which fetch doesn't offer. */
function getOnce(site: Site, cookie: string): Promise<{ status: number; body: string }> {
  const headers = { cookie, connection: 'close' }
  const agent = new Agent({ keepAlive: false })
  return new Promise((resolve, reject) => {
    get(`${site.url}/api/auth/get-session`, { agent, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (part) => (body += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      response.on('error', reject)
    }).on('error', reject)
  })
}
