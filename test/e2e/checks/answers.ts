import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Suite } from '../suite.ts'
import { createAccount } from '../support/people.ts'
import type { Site } from '../support/site.ts'

/** What every kind of answer says to caches, and to methods that it doesn't take. */
export function answerChecks({ check, mode }: Suite): void {
  if (mode === 'production') check('nothing but files of the build is cached', caching)
  check('a method that is not taken is refused', methods)
}

/** Ways to a page that a cache, a proxy or a router may take for a file. */
const PATHS = [
  '/',
  '/sign-in',
  '/dashboard',
  '/no/such/page',
  '/api/no/such',
  '/api/auth/get-session',
  '/api/auth/convex/token',
  '/_serverFn/no-such',
  '/dashboard/x.css',
  '/dashboard.',
  '/dashboard;x.css',
  '/dashboard%2fx.css',
  '/dashboard%00.css',
  '/favicon.svg/x',
  '/ASSETS/x.css',
  '/assets',
  '/assets/',
  '/assets/no-such.css',
  '/assets/..',
  '/assets/../dashboard',
  '/assets/%2e%2e/dashboard',
  '/assets/..%2fdashboard',
  '/assets/%252e%252e/dashboard',
  '/%61ssets/x.css',
  '/assets%2fx.css',
  '//assets/x.css',
  '//assets/..%2fdashboard',
  '//dashboard',
  '///sign-in?redirect=//evil.example',
  '/assets/%E0%A4%A',
]

const TOKEN = /eyJ[\w-]+\.eyJ[\w-]+\./

/** Asks for the path as it is: `fetch` would take the dots out. */
export function ask(url: string, path: string, method = 'GET', cookie = '') {
  return new Promise<{ status: number; headers: Headers; body: string }>((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const asked = request({ hostname, port, path, method, headers: { cookie } }, (answer) => {
      let body = ''
      answer.setEncoding('utf8').on('data', (part) => (body += part))
      answer.once('end', () => {
        const headers = new Headers(Object.entries(answer.headers) as [string, string][])
        resolve({ status: answer.statusCode ?? 0, headers, body })
      })
    })
    asked.once('error', reject).end()
  })
}

/** Holds every answer but a file's to this: no cache keeps it, and none sees a token. */
export async function expectUncached(url: string, cookie: string): Promise<void> {
  let tokens = 0
  for (const path of PATHS) {
    for (const method of ['GET', 'HEAD', 'POST']) {
      for (const user of ['', cookie]) {
        const what = `${method} ${path} ${user && 'signed in'}`
        const { status, headers, body } = await ask(url, path, method, user)
        const cached = headers.get('cache-control') ?? ''
        expect(cached, what).not.toMatch(/public|immutable|max-age=[1-9]/)
        // An answer without a word of this may be kept by what it is (RFC 9111, 4.2.2).
        if (![400, 403, 500].includes(status)) expect(cached, what).toContain('no-store')
        if (!TOKEN.test(body)) continue
        tokens += 1
        expect(cached, what).toContain('no-store')
      }
    }
  }
  expect(tokens).toBeGreaterThan(3)
}

async function caching(site: Site): Promise<void> {
  const { cookie } = await createAccount(site)
  await expectUncached(site.url, cookie)
  for (const user of ['', cookie]) {
    const missing = await ask(site.url, '/assets/no-such.css', 'GET', user)
    expect(missing.status).toBe(404)
    expect(missing.body).not.toMatch(/<html/)
  }
  for (const file of readdirSync(join(site.appDir, '.output/public/assets'))) {
    const { status, headers } = await ask(site.url, `/assets/${file}`)
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  }
}

async function methods(site: Site): Promise<void> {
  const { cookie } = await createAccount(site)
  const refused = async (path: string, method: string, allow: string) => {
    const { status, headers, body } = await ask(site.url, path, method, cookie)
    const answer = { status, allow: headers.get('allow'), body }
    expect(answer, `${method} ${path}`).toEqual({ status: 405, allow, body: '' })
  }
  const others = ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']
  for (const method of [...others, 'HEAD']) {
    await refused('/api/auth/get-session', method, 'GET, POST')
    await refused('/api/auth/no/such', method, 'GET, POST')
  }
  for (const path of ['/', '/dashboard', '/no/such/page']) {
    for (const method of [...others, 'POST']) await refused(path, method, 'GET, HEAD')
  }
}
