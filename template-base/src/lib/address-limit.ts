import { WINDOW_MS, network } from '../../convex/attempts'

const MAX_FAILURES = 100
const MAX_ADDRESSES = 10_000

const counts = new Map<string, { failures: number; endsAt: number }>()

/**
 * Takes one of the failed sign-ins and sign-ups that an address has in 15 minutes,
 * before it is known to fail. Convex sees this server's address in place of the
 * user's, so this process counts; convex/passwordLimit.ts has the limits that hold
 * without it. Answers the milliseconds to wait when none is left, and how to give
 * one back.
 */
export function takeAttempt(address: string | undefined) {
  const key = network(address)
  const now = Date.now()
  let count = counts.get(key)
  if (!count || count.endsAt <= now) {
    count = { failures: 0, endsAt: now + WINDOW_MS }
    makeRoom()
    counts.delete(key)
    counts.set(key, count)
  }
  const taken = count
  if (taken.failures >= MAX_FAILURES) return { waitMs: taken.endsAt - now, giveBack: () => {} }
  taken.failures += 1
  return { waitMs: 0, giveBack: () => void (taken.failures -= 1) }
}

/** The oldest window goes first. */
function makeRoom() {
  const [oldest] = counts.keys()
  if (counts.size >= MAX_ADDRESSES && oldest !== undefined) counts.delete(oldest)
}
