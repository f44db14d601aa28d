/** "Firefox on Linux", as far as a User-Agent header tells. */
export function describeUserAgent(userAgent: string | null): string {
  const find = (...names: string[]) => names.find((name) => userAgent?.includes(name)) ?? ''
  // Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
  const browser = find('Edg', 'OPR', 'Firefox', 'Chrome', 'Safari')
  const system = find('iPhone', 'iPad', 'Android', 'Windows', 'Mac OS X', 'Linux')
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', 'Mac OS X': 'macOS' }
  return [browser || 'Unknown browser', system]
    .filter(Boolean)
    .map((n) => names[n] ?? n)
    .join(' on ')
}
