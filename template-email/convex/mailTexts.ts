import { env } from './_generated/server'
import type { Email } from './email'

interface User {
  email: string
  name: string
  emailVerified: boolean
}

interface Message {
  subject: string
  text: string
  /** Where its links lead, the most useful first. */
  links?: { label: string; href: string }[]
  /** For who expected no such mail. */
  note: string
}

const IGNORE = 'If that was not you, you can ignore this mail.'

/** A page of the site, and of no other. */
const page = (path: string) => new URL(path, env.SITE_URL).href

const withToken = (path: string, token: string) => page(`${path}?${new URLSearchParams({ token })}`)

const site = () => new URL(env.SITE_URL).host

export const confirmAddress = (user: User, token: string) =>
  write(user, {
    subject: `Confirm your address for ${site()}`,
    text: 'Confirm that this address is yours, to finish your account. The link works for an hour.',
    links: [{ label: 'Confirm address', href: withToken('/verify-email', token) }],
    note: 'If that was not you, don’t confirm it: somebody else would have an account with your address.',
  })

/** Whose inbox it is, nobody knows yet: `emailVerified` is of the address of before. */
export const confirmNewAddress = (user: User, token: string) =>
  write(
    { ...user, emailVerified: false },
    {
      subject: `Confirm your new address for ${site()}`,
      text: 'Confirm that this address is yours, to sign in with it from now on. The link works for an hour.',
      links: [{ label: 'Confirm new address', href: withToken('/verify-email', token) }],
      note: IGNORE,
    },
  )

export const resetPassword = (user: User, token: string) =>
  write(user, {
    subject: `Set a new password for ${site()}`,
    text: 'You asked for a new password. The link works once, for an hour.',
    links: [{ label: 'Set new password', href: withToken('/reset-password', token) }],
    note: 'If that was not you, you can ignore this mail: your password stays as it is.',
  })

export const accountExists = (user: User) =>
  write(user, {
    subject: `You have an account at ${site()}`,
    text: 'Somebody wanted to use this address for an account, and it has one already. If that was you, sign in with it, or set a new password if you don’t know it.',
    links: [
      { label: 'Sign in', href: page('/sign-in') },
      { label: 'Set new password', href: page('/forgot-password') },
    ],
    note: IGNORE,
  })

/** Two had signed up with the address, which is confirmed now. */
export const passwordGone = (user: User) =>
  write(user, {
    subject: `Your account at ${site()} has no password`,
    text: 'Your address is confirmed. Somebody had signed up with it and another password than before, so neither works any more: one may be a stranger’s. Set one of your own.',
    links: [{ label: 'Set password', href: page('/forgot-password') }],
    note: 'If you signed up twice yourself, nothing is wrong.',
  })

export const addressChanged = (user: User, newEmail: string) =>
  write(user, {
    subject: `Your address at ${site()} was changed`,
    text: `From now on you sign in with ${newEmail}, and no longer with this address.`,
    note: `If that was not you, tell the people behind ${site()} at once.`,
  })

export const passwordChanged = (user: User) =>
  write(user, {
    subject: `Your password at ${site()} was changed`,
    text: 'Your account has a new password.',
    links: [{ label: 'Set another password', href: page('/forgot-password') }],
    note: 'If that was not you, set another one at once: it signs out everybody else.',
  })

/**
 * The whole mail, as text and as HTML that needs no image. The name is left out until the
 * address is confirmed: up to then, a stranger may have chosen it.
 */
function write(user: User, { subject, text, links = [], note }: Message): Email {
  const greeting = user.emailVerified ? `Hello ${user.name.replace(/\s+/g, ' ')},` : 'Hello,'
  const lines = links.map(({ label, href }) => `${label}:\n${href}`)
  return {
    to: user.email,
    subject,
    text: [greeting, text, ...lines, note].join('\n\n'),
    html: toHtml(greeting, { subject, text, links, note }),
  }
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escape = (text: string) => text.replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char)

function toHtml(greeting: string, { subject, text, links = [], note }: Message): string {
  const buttons = links.map(
    ({ label, href }, index) =>
      `<p><a class="${index === 0 ? 'button' : 'link'}" href="${escape(href)}">${escape(label)}</a></p>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(subject)}</title>
<style>
  :root { color-scheme: light dark }
  body { margin: 0; padding: 24px 16px; font: 16px/1.5 system-ui, sans-serif; color: #18181b; background: #fff }
  div { max-width: 480px; margin: 0 auto; overflow-wrap: anywhere }
  h1 { font-size: 20px; line-height: 1.3 }
  a { color: inherit }
  .button { display: inline-block; padding: 10px 18px; border-radius: 8px; font-weight: 600; text-decoration: none; color: #fff; background: #18181b }
  .note { font-size: 14px; color: #71717a }
  @media (prefers-color-scheme: dark) {
    body { color: #fafafa; background: #18181b }
    .button { color: #18181b; background: #fafafa }
    .note { color: #a1a1aa }
  }
</style>
</head>
<body>
<div>
<h1>${escape(subject)}</h1>
<p>${escape(greeting)}</p>
<p>${escape(text)}</p>
${buttons.join('\n')}
<p class="note">${escape(note)}</p>
</div>
</body>
</html>`
}
