import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { explainError } from '../../../template-social/src/lib/social-errors.ts'

const dist = dirname(createRequire(import.meta.url).resolve('better-auth'))
const read = (path: string) => readFileSync(join(dist, path), 'utf8')
const all = (path: string, pattern: RegExp) =>
  [...read(path).matchAll(pattern)].map(([, code = '']) => code.replaceAll(' ', '_'))

/** Every code that the way back from a provider can end with, in Better Auth's own sources. */
const CODES = new Set([
  ...all('api/routes/callback.mjs', /redirectOnError\(c, \w+, "([^"]+)"/g),
  ...all('oauth2/link-account.mjs', /error: "([^"]+)"/g),
  ...all('oauth2/state.mjs', /code = "([^"]+)"/g),
  ...all('state.mjs', /code: "([^"]+)"/g),
])

test('the sources are read', () => {
  const known = ['no_code', 'account_not_linked', 'internal_server_error', 'state_mismatch']
  expect([...CODES]).toEqual(expect.arrayContaining(known))
  expect(CODES.size).toBeGreaterThan(15)
})

/** Codes that no browser is sent back with, by these sources: two become others, one is an answer. */
const INTERNAL = ['state_security_mismatch', 'state_generation_error']

test.each([...CODES].filter((code) => !INTERNAL.includes(code)))('%s has words', (code) => {
  expect(explainError(code)).toMatch(/^[A-Z].*\.$/)
  expect(explainError(code)).not.toContain(code)
})

test('what is not known is named, if it is a code at all', () => {
  expect(explainError('brand_new_error')).toContain('(brand_new_error)')
  expect(explainError('Call 0900 123 now')).toBe('The sign-in did not work. Try again.')
  expect(explainError('constructor')).toContain('did not work')
  expect(explainError(undefined)).toBeUndefined()
})
