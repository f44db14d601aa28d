import { vi } from 'vitest'
import { components } from '../../convex/_generated/api'
import { postAuth, type Backend } from './backend'

/** Confirms an address, as the link in its mail does, or takes that back. */
export const confirm = (backend: Backend, email: string, emailVerified = true) =>
  backend.mutation(components.betterAuth.adapter.updateOne, {
    input: {
      model: 'user' as const,
      where: [{ field: 'email' as const, value: email.toLowerCase() }],
      update: { emailVerified },
    },
  })

/** Opens the link that confirms an address, as its page does. */
export const openLink = (backend: Backend, token: string, headers: Record<string, string> = {}) =>
  backend.fetch(`/api/auth/verify-email?${new URLSearchParams({ token })}`, {
    headers: { 'x-confirm': 'true', ...headers },
  })

/** Sets a password by the link for it, as its page does. */
export const setPassword = (backend: Backend, token: string, newPassword: string) =>
  postAuth(backend, 'reset-password', { token, newPassword })

/** The mails that are written from now on: as long as there is no key, they are printed. */
export function collectMails() {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const lines = () => log.mock.calls.map(([line]) => String(line))
  return {
    lines,
    /** `address: subject`, of each. */
    subjects: () =>
      lines().flatMap((line) => {
        const [, to, subject] = /^A mail to (\S+), which .*?: (.*)$/.exec(line) ?? []
        return to ? `${to}: ${subject}` : []
      }),
    /** The token in the last link. */
    token: () => lines().join(' ').split('token=').at(-1)?.split(' ')[0] ?? '',
  }
}

/** No answer takes its time on purpose, to hide how long the work took. */
export function hurry() {
  const wait = setTimeout
  vi.stubGlobal('setTimeout', (run: () => void, ms = 0) => wait(run, ms < 100 ? ms : 0))
}

/** What a browser sees of an answer. */
export const seen = async (response: Response) => [
  response.status,
  await response.text(),
  [...response.headers],
]

export const codeOf = async (response: Response) =>
  ((await response.json()) as { code?: string } | null)?.code
