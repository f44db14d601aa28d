import { expect, test, vi } from 'vitest'
import { sharedPage } from '../../src/lib/shared-page'

vi.stubEnv('DEV', false)

let renders = 0
const get = async (path: string, nonce: string, cookie = '') => {
  const request = new Request(`http://localhost:3000${path}`, { headers: { cookie } })
  const render = async () => new Response(`<script nonce="${nonce}">${(renders += 1)}</script>`)
  return (await sharedPage(request, nonce, render)).text()
}

test('visitors share the start page for some seconds, each with a nonce of their own', async () => {
  vi.useFakeTimers()
  expect(await get('/', 'a')).toBe('<script nonce="a">1</script>')
  expect(await get('/', 'b')).toBe('<script nonce="b">1</script>')
  vi.advanceTimersByTime(10_000)
  expect(await get('/', 'c')).toBe('<script nonce="c">2</script>')
  vi.useRealTimers()
})

test.each([
  ['/', 'theme=dark; better-auth.session_token=x'],
  ['/', '__Secure-better-auth.session_token=x'],
  ['/?page=2', ''],
  ['/sign-in', ''],
])('%s with the cookie "%s" is rendered for each', async (path, cookie) => {
  const before = renders
  expect(await get(path, 'a', cookie)).toBe(`<script nonce="a">${before + 1}</script>`)
  expect(await get(path, 'b', cookie)).toBe(`<script nonce="b">${before + 2}</script>`)
})
