import { expect } from 'vitest'
import { newUser, postAuth, useAccount, type Account, type User } from './people.ts'
import type { Mail, Resend } from './resend.ts'
import type { Site } from './site.ts'
import type { Visit } from './visit.ts'

export const MINUTE = 60_000

export function resendOf({ resend, name }: Site): Resend {
  if (resend) return resend
  throw new Error(`${name} sends no mails`)
}

const offsets = new WeakMap<Site, number>()

/** Moves the deployment's clock on; never back, where what is scheduled would wait for it. */
export async function pass(site: Site, ms: number): Promise<void> {
  const offset = (offsets.get(site) ?? 0) + ms
  offsets.set(site, offset)
  await site.backend.setClock(offset)
}

export const mailsTo = (site: Site, email: string, subject = /./): Mail[] =>
  resendOf(site).mails.filter(
    (mail) => mail.to.includes(email.toLowerCase()) && subject.test(mail.subject),
  )

/** The newest mail to an address, as soon as there are so many. The component waits a second or two by its clock. */
export async function mailTo(site: Site, email: string, subject = /./, count = 1): Promise<Mail> {
  const all = () => mailsTo(site, email, subject)
  await expect
    .poll(
      async () => {
        if (all().length < count) await pass(site, 500)
        return all().length
      },
      { message: `${site.name}: mails to ${email} of ${String(subject)}` },
    )
    .toBeGreaterThanOrEqual(count)
  return all().at(-1) as Mail
}

/** As long as the component would take for a mail, and longer. For a Resend that hangs it waits no further. */
export async function noMoreMails(site: Site): Promise<void> {
  for (let second = 1; second <= 8; second += 1) {
    await pass(site, 1000)
    const aWhile = new Promise((resolve) => setTimeout(resolve, 1000))
    await Promise.race([site.backend.settled(), aWhile])
  }
}

/** The addresses that a mail leads to, as its text has them. */
export const linksIn = ({ text }: Mail): string[] => text.match(/https?:\/\/\S+/g) ?? []

/** The link with a token. */
export function linkIn(mail: Mail): string {
  const [link] = linksIn(mail).filter((one) => one.includes('token='))
  if (link !== undefined) return link
  throw new Error(`There is no link with a token in: ${mail.text}`)
}

export const tokenIn = (mail: Mail): string => new URL(linkIn(mail)).searchParams.get('token') ?? ''

const CONFIRM = /^Confirm your address/

/** What the page behind the link in a mail asks for. */
export const verify = (site: Site, token: string, cookie = ''): Promise<Response> =>
  fetch(`${site.url}/api/auth/verify-email?${new URLSearchParams({ token })}`, {
    headers: { origin: site.url, 'x-confirm': 'true', cookie },
  })

/** Makes an account and confirms its address without a browser. */
export async function createConfirmed(site: Site, user: User = newUser()): Promise<Account> {
  expect((await postAuth(site, 'sign-up/email', user)).status).toBe(200)
  const response = await verify(site, tokenIn(await mailTo(site, user.email, CONFIRM)))
  expect(response.status, `${site.name}: the confirmation of ${user.email}`).toBe(200)
  return { ...user, ...(await sessionIn(site, response)) }
}

/** The cookies that an answer sets, and the token that Convex takes. */
export async function sessionIn(
  site: Site,
  response: Response,
): Promise<Pick<Account, 'cookie' | 'token'>> {
  const cookie = response.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ')
  const answer = await fetch(`${site.url}/api/auth/convex/token`, { headers: { cookie } })
  const { token } = (await answer.json()) as { token: string }
  return { cookie, token }
}

/** A new user with a confirmed address, signed in, on a page. */
export async function confirmedIn(visit: Visit, path: string): Promise<Account> {
  const account = await createConfirmed(visit.site)
  await useAccount(visit.context, visit.site, account)
  await visit.page.goto(path)
  return account
}
