// What the two limits on sign-ins share: ./passwordLimit and src/lib/address-limit.ts.

export const WINDOW_MS = 15 * 60_000

export function tooManyAttempts(waitMs: number) {
  const minutes = Math.ceil(waitMs / 60_000)
  const wait = minutes === 1 ? '1 minute' : `${minutes} minutes`
  return { code: 'TOO_MANY_ATTEMPTS', message: `Too many attempts. Try again in ${wait}.` }
}

/** An IPv6 network of 64 bits is one client: it has any number of addresses. */
export function network(address = 'unknown'): string {
  const plain = address.replace(/^::ffff:/, '')
  if (!plain.includes(':')) return plain
  return plain.split('::', 1).join().split(':').slice(0, 4).join(':')
}
