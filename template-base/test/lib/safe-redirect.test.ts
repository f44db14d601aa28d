import { expect, test } from 'vitest'
import { safeRedirect } from '../../src/lib/safe-redirect'

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
])('sends %j to the dashboard', (target) => {
  expect(safeRedirect(target)).toBe('/dashboard')
})
