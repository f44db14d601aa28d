/** An IPv6 network of 64 bits is one client: it has any number of addresses. */
export function network(address: string): string {
  const plain = address.replace(/^::ffff:/, '')
  if (!plain.includes(':')) return plain
  return plain.split('::', 1).join().split(':').slice(0, 4).join(':')
}
