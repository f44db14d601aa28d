import { HOME } from './home'

const BASE = 'http://this.site'

/**
 * The target if it is a path of this site, else `HOME`. Browsers read
 * `//host`, `/\host` and `/<tab>/host` as another site: the parser decides here,
 * too, and what it makes of the path is checked once more.
 */
export function safeRedirect(target: string | undefined): string {
  if (!target?.startsWith('/') || !URL.canParse(target, BASE)) {
    return HOME
  }
  const { origin, pathname, search, hash } = new URL(target, BASE)
  const path = pathname + search + hash
  return origin === BASE && !path.startsWith('//') ? path : HOME
}

/** `?redirect=`, as routes read it. */
export const redirectSearch = ({ redirect }: Record<string, unknown>): { redirect?: string } => ({
  // Undefined, not left out: the router would keep what came, such as a number for `?redirect=1`.
  redirect: typeof redirect === 'string' ? redirect : undefined,
})
