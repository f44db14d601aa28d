import { Resend, vEmailId } from '@convex-dev/resend'
import type { GenericCtx } from '@convex-dev/better-auth'
import { requireRunMutationCtx } from '@convex-dev/better-auth/utils'
import { components, internal } from './_generated/api'
import type { DataModel } from './_generated/dataModel'
import { env, internalAction, internalMutation, query, type ActionCtx } from './_generated/server'

const SECOND = 1000
const HOUR = 60 * 60 * SECOND
const WEEK = 7 * 24 * HOUR

/** `Name <address>`, or an address alone. */
const SENDER = /^(?:[^<>\r\n]+ <[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+)$/

/** A site that only its author can open. */
const LOCAL = /^http:\/\/(?:[\w-]+\.)*(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?\/?$/

export interface Email {
  to: string
  subject: string
  text: string
  html: string
}

/** Whether mails go out, are only printed to Convex's log, or neither. */
export function deliveryNow(): 'sent' | 'logged' | 'off' {
  if (!env.RESEND_API_KEY) return LOCAL.test(env.SITE_URL) ? 'logged' : 'off'
  return SENDER.test(env.EMAIL_FROM ?? '') ? 'sent' : 'off'
}

/** If not, the log says why. */
export function canSend(): boolean {
  if (deliveryNow() !== 'off') return true
  console.error('No mail can be sent: RESEND_API_KEY is missing, or EMAIL_FROM is no sender.')
  return false
}

/** For pages. */
export const delivery = query({ args: {}, handler: () => deliveryNow() })

/**
 * Sends a mail. This file is the only place that knows Resend, whose component keeps the mail
 * until it is sent: https://www.convex.dev/components/resend. What Resend refuses for good
 * is in Convex's log, with the reason, and for a week in the component's table `emails`.
 */
export async function sendEmail(genericCtx: GenericCtx<DataModel>, email: Email): Promise<void> {
  if (!canSend()) return
  if (deliveryNow() === 'logged') return print(email)
  const subject = email.subject.replace(/\s+/g, ' ')
  const from = env.EMAIL_FROM ?? ''
  const ctx = requireRunMutationCtx(genericCtx)
  const id = await resend().sendEmail(ctx, { ...email, subject, from })
  // Each at a moment of its own: Resend takes a few requests a second.
  const delay = SECOND * (15 + 45 * Math.random())
  await ctx.scheduler.runAfter(delay, internal.email.sendAlone, { id })
}

/** Eight tries take about an hour, as long as the link in a mail works. */
const resend = () =>
  new Resend(components.resend, { apiKey: env.RESEND_API_KEY, testMode: false, retryAttempts: 8 })

/**
 * The component sends up to a hundred mails in one request, and Resend refuses all of them for
 * one whose address can't be. So each goes once more, alone: in company, a stranger's bad ones
 * would stop it again. A mail that is not sent yet is looked at again, each time later.
 */
export const sendAlone = internalAction({
  args: { id: vEmailId },
  handler: async (ctx, { id }): Promise<void> => {
    const email = await resend().get(ctx, id)
    if (!email) return
    const isQueued = email.status === 'waiting' || email.status === 'queued'
    const isRefused = email.status === 'failed' && email.errorMessage?.includes(' 422 ')
    const isOpen = isQueued || (isRefused && !(await settle(ctx, `alone-${id}`, email)))
    const age = Date.now() - email.createdAt
    if (isOpen && age < HOUR) await ctx.scheduler.runAfter(age, internal.email.sendAlone, { id })
  },
})

type Queued = NonNullable<Awaited<ReturnType<Resend['get']>>>

/** Sends one mail. Answers whether Resend has taken it, or refused it for good. */
async function settle(ctx: ActionCtx, key: string, email: Queued): Promise<boolean> {
  const { from, to, subject = '', text, html } = email
  let status = 0
  const post = async () => {
    const response = await fetch('https://api.resend.com/emails', {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${env.RESEND_API_KEY}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': key,
      },
      body: JSON.stringify({ from, to, subject, text, html }),
    })
    status = response.status
    if (!response.ok) throw new Error(`Resend API error: ${status} ${await response.text()}`)
    return ((await response.json()) as { id: string }).id
  }
  try {
    await resend().sendEmailManually(ctx, { from, to, subject }, post)
    return true
  } catch (error) {
    console.error(error)
    return status >= 400 && status < 500 && status !== 429
  }
}

/** Line by line: in one piece, the log would show its line breaks as `\n`. */
function print({ to, subject, text }: Email): void {
  console.log(`A mail to ${to}, which RESEND_API_KEY would send: ${subject}`)
  for (const line of text.split('\n')) if (line) console.log(line)
}

/** Every day: what is in them is between the app and its user. */
export const deleteOld = internalMutation({
  args: {},
  handler: async (ctx): Promise<void> => {
    await ctx.runMutation(components.resend.lib.cleanupAbandonedEmails, { olderThan: WEEK })
  },
})
