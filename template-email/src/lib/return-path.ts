import { HOME } from './home'
import { safeRedirect } from './safe-redirect'

/** Keeps the page to return to for as long as a link works: a mail's opens in another tab. */
export function keepReturnPath(path: string): void {
  write(`${encodeURIComponent(path)}; max-age=3600`)
}

/** The page to return to, once. */
export function takeReturnPath(): string {
  try {
    const [, path = ''] = /(?:^|; )return_to=([^;]+)/.exec(document.cookie) ?? []
    write('; max-age=0')
    return safeRedirect(decodeURIComponent(path))
  } catch {
    return HOME
  }
}

function write(value: string): void {
  try {
    document.cookie = `return_to=${value}; path=/; samesite=lax`
  } catch {
    // The browser blocks the site's data: the link leads home.
  }
}
