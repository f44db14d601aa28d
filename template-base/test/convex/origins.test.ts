import { afterEach, expect, test, vi } from 'vitest'
import { trustedOrigins } from '../../convex/origins'
import { startBackend } from './backend'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const SITE = 'https://app.example'

test.each([
  'https://www.app.example',
  'https://app.example:8443',
  'https://*.app.example',
  'https://*-team.vercel.app',
  'https://*--app.netlify.app',
  'https://deploy-preview-*--my-site.netlify.app',
  'https://*-123456.us-central1.run.app',
  'https://*.team.workers.dev',
  'https://*.my-site.pages.dev',
  'https://my*.app.example',
  'https://*.notvercel.app',
  'https://*-app.team.workers.dev',
])('%s is trusted', (origin) => {
  expect(trustedOrigins(SITE, ` ${origin}/ ,`)).toEqual([origin])
})

test.each([
  '*',
  '**',
  'https://*',
  'http://*',
  '*://*',
  'https://?',
  'https://*.com',
  'https://*.co.uk',
  'https://*-team.com',
  'https://app.*',
  'https://app.*.com',
  'https://*.*.app.example',
  'https://*.vercel.app',
  'https://*.netlify.app',
  'https://*.Vercel.app',
  'https://*.fly.dev',
  'https://*.github.io',
  'https://my-app-*.vercel.app',
  'https://my*.vercel.app',
  'https://*a.vercel.app',
  'https://*-a.vercel.app',
  'https://*---app.vercel.app',
  'https://*.vercel.app:443',
  'https://*.convex.site',
  'https://*.eu-west-1.convex.site',
  'https://*.a.run.app',
  'https://*.us-central1.run.app',
  'https://*.s3.eu-west-1.amazonaws.com',
  'https://*.railway.app',
  'https://*.uk.com',
  'https://*-team.uk.com',
  'https://*.nom.br',
  'https://*:443',
  'app.example',
  '*.app.example',
  'https://app.example/path',
  'http://app.example',
  'null',
])('%s is refused, and the log says so', (origin) => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(trustedOrigins(SITE, origin)).toEqual([])
  expect(log).toHaveBeenCalledOnce()
})

test.each([
  [SITE, 'https://pr-1-team.vercel.app', '__Secure-'],
  ['http://localhost:3000', 'https://pr-1-team.vercel.app', ''],
])('beside %s, cookies are Secure at %s', async (site, origin, prefix) => {
  vi.stubEnv('SITE_URL', site)
  vi.stubEnv('TRUSTED_ORIGINS', 'https://*-team.vercel.app')
  const { protocol, host } = new URL(origin)
  const response = await startBackend().fetch('/api/auth/sign-out', {
    method: 'POST',
    // As the app's server sends it on.
    headers: {
      origin,
      'x-better-auth-forwarded-host': host,
      'x-better-auth-forwarded-proto': protocol.slice(0, -1),
    },
  })
  expect(response.headers.getSetCookie()[0]).toMatch(
    new RegExp(`^${prefix}better-auth.*; Secure; SameSite=Lax`),
  )
})
