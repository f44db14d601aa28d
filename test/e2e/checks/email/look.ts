import { expect } from 'vitest'
import type { Suite } from '../../suite.ts'
import { artifact } from '../../support/artifacts.ts'
import { createConfirmed, mailTo, resendOf } from '../../support/mails.ts'
import { newUser, postAuth, useAccount } from '../../support/people.ts'
import type { Mail } from '../../support/resend.ts'
import type { Visit } from '../../support/visit.ts'
import { ask, expectUncached } from '../answers.ts'
import { expectStill } from '../loading.ts'
import { accessible, fits, look } from '../pages.ts'

const PAGES = [
  ['/forgot-password', 'forgot-password'],
  ['/verify-email', 'verify-email'],
  ['/verify-email?token=x', 'verify-email-link'],
  ['/reset-password', 'reset-password-useless'],
  ['/reset-password?token=x', 'reset-password'],
] as const

/** How the pages and the mails look, and what the server says of them. */
export function emailLookChecks({ visit, check }: Suite): void {
  visit('the pages of e-mail: axe and pictures', async (visit) => {
    for (const [path, name] of PAGES) await look(visit, path, name)
    await look(visit, '/sign-in', 'sign-in')
    await useAccount(visit.context, visit.site, await createConfirmed(visit.site))
    await look(visit, '/settings', 'settings')
  })
  visit('nothing moves while a page of e-mail loads', (visit) =>
    expectStill(visit, ['/sign-in', ...PAGES.map(([path]) => path)]),
  )
  visit('the mails: axe and pictures', mails)
  check('a page with a token is kept by nobody, and names it to nobody', async (site) => {
    for (const path of ['/verify-email?token=secret', '/reset-password?token=secret']) {
      const { status, headers } = await ask(site.url, path)
      expect(status, path).toBe(200)
      expect(headers.get('cache-control'), path).toBe('no-store')
      expect(headers.get('referrer-policy'), path).toBe('no-referrer')
      expect(headers.get('content-security-policy')).toMatch(/script-src 'self' 'nonce-/)
    }
    await expectUncached(site.url, (await createConfirmed(site)).cookie)
  })
}

/** One of each kind, as a reader shows it: narrow and wide, light and dark, and as text. */
async function mails(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  const name = '<b>Ada</b> & "Grace"\r\nSubject: x'
  const account = await createConfirmed(site, { ...newUser(), name })
  await postAuth(site, 'request-password-reset', { email: account.email })
  await mailTo(site, account.email, /new password/)
  await postAuth(site, 'sign-up/email', { ...newUser(), email: account.email })
  await mailTo(site, account.email, /^You have an account/)
  const kinds = new Map<string, Mail>(
    resendOf(site).mails.map((mail) => [mail.subject.replace(/ for .*| at .*/, ''), mail]),
  )
  expect(kinds.size).toBeGreaterThan(2)
  for (const [kind, mail] of kinds) {
    await step(kind, async () => {
      expect(mail.html).not.toContain('<b>Ada')
      expect(mail.text.replaceAll('<b>Ada</b>', 'Ada')).not.toMatch(/<[a-z]/)
      expect(mail.text.split('\n').every((line) => !/^\s*Subject:/i.test(line))).toBe(true)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        for (const width of [320, 1280]) {
          await page.setViewportSize({ width, height: 700 })
          await page.setContent(mail.html)
          await fits(page)
          const file = `mail-${kind}-${colorScheme}-${width}.png`
          await page.screenshot({ path: artifact('screenshots', site.name, file), fullPage: true })
        }
        await accessible(page)
      }
    })
  }
  const greeted = [...kinds.values()].find(({ subject }) => subject.startsWith('You have'))
  expect(greeted?.html).toContain('&lt;b&gt;Ada&lt;/b&gt; &amp; &quot;Grace&quot; Subject: x')
}
