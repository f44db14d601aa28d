import { expect, test, vi } from 'vitest'
import { network } from '../../convex/attempts'
import { takeAttempt } from '../../src/lib/address-limit'

test('a hundred failures, and the window has to end', () => {
  vi.useFakeTimers()
  for (let failure = 1; failure <= 100; failure += 1) {
    expect(takeAttempt('203.0.113.7').waitMs).toBe(0)
  }
  expect(takeAttempt('::ffff:203.0.113.7').waitMs).toBe(15 * 60_000)
  expect(takeAttempt('203.0.113.8').waitMs).toBe(0)
  vi.advanceTimersByTime(15 * 60_000)
  expect(takeAttempt('203.0.113.7').waitMs).toBe(0)
  vi.useRealTimers()
})

test('a success counts for nothing', () => {
  for (let attempt = 1; attempt <= 300; attempt += 1) takeAttempt('2001:db8::1').giveBack()
  expect(takeAttempt('2001:db8::1').waitMs).toBe(0)
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8::1', '2001:db8'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::6', '2001:db8:1:2'],
])('%s is counted as %s', (address, counted) => {
  expect(network(address)).toBe(counted)
})
