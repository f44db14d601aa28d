import { getSessionCookie } from 'better-auth/cookies'

/** Pages that are the same for every visitor, and whose HTML may be some seconds old. */
const SHARED = ['/']
const FRESH_MS = 10_000

interface Page {
  /** The HTML, cut where its nonce was. */
  parts: string[]
  freshUntil: number
}

const pages = new Map<string, Page>()

/**
 * Renders a shared page once for all the visitors of some seconds, which serves several
 * times as many of them. Each answer has a nonce of its own.
 */
export async function sharedPage(
  request: Request,
  nonce: string,
  render: () => Promise<Response>,
): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const shared = request.method === 'GET' && search === '' && SHARED.includes(pathname)
  if (!shared || getSessionCookie(request) || import.meta.env.DEV) return render()
  const known = pages.get(pathname)
  if (known && known.freshUntil > Date.now()) return answer(known, nonce)
  const response = await render()
  if (response.status !== 200) return response
  const parts = (await response.text()).split(nonce)
  const page = { parts, freshUntil: Date.now() + FRESH_MS }
  pages.set(pathname, page)
  return answer(page, nonce)
}

const answer = ({ parts }: Page, nonce: string) =>
  new Response(parts.join(nonce), { headers: { 'Content-Type': 'text/html; charset=utf-8' } })
