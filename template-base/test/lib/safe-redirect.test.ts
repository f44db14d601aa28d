import { expect, test } from 'vitest'
import { HOME } from '~/lib/home'
import { safeRedirect } from '~/lib/safe-redirect'

test.each(['/', '/settings', '/dashboard?page=2#last', '/a%2F%2Fb'])(
  'keeps %j, a path of this site',
  (path) => {
    expect(safeRedirect(path)).toBe(path)
  },
)

test.each([
  undefined,
  '',
  'settings',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  'javascript:alert(1)',
  '%2F%2Fevil.example',
  ' //evil.example',
])('sends %j home', (target) => {
  expect(safeRedirect(target)).toBe(HOME)
})
