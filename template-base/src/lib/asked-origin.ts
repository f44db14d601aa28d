/**
 * The origin in the browser's address bar, also behind a proxy that speaks TLS. Only a
 * proxy writes these headers: a page of another site can't send them here.
 */
export function askedOrigin({ headers, url }: Request): string {
  const first = (name: string) => headers.get(name)?.split(',', 1)[0]?.trim()
  const { protocol, host } = new URL(url)
  const scheme = first('x-forwarded-proto') || protocol.slice(0, -1)
  return `${scheme}://${first('x-forwarded-host') || host}`
}
