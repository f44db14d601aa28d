import { Resend, vEmailId, type SendEmailOptions } from '@convex-dev/resend'
import type { GenericCtx } from '@convex-dev/better-auth'
import { requireRunMutationCtx } from '@convex-dev/better-auth/utils'
import { v } from 'convex/values'
import { components, internal } from './_generated/api'
import type { DataModel } from './_generated/dataModel'
import { env, internalMutation, query, type ActionCtx, type MutationCtx } from './_generated/server'

const SECOND = 1000
const WEEK = 7 * 24 * 60 * 60 * SECOND

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
 * Sends a mail. This is the only place that knows Resend, whose component keeps the mail
 * until it is sent: https://www.convex.dev/components/resend. What Resend refuses for good
 * is in Convex's log, with the reason, and for a week in the component's table `emails`.
 */
export async function sendEmail(genericCtx: GenericCtx<DataModel>, email: Email): Promise<void> {
  if (!canSend()) return
  if (deliveryNow() === 'logged') return print(email)
  const subject = email.subject.replace(/\s+/g, ' ')
  const from = env.EMAIL_FROM ?? ''
  await queue(requireRunMutationCtx(genericCtx), { ...email, subject, from }, 3)
}

const resend = () => new Resend(components.resend, { apiKey: env.RESEND_API_KEY, testMode: false })

/**
 * The component sends up to a hundred mails in one request, and Resend refuses all of them
 * for one whose address can't be. So each may go again, at a moment of its own.
 */
async function queue(ctx: MutationCtx | ActionCtx, email: SendEmailOptions, again: number) {
  const id = await resend().sendEmail(ctx, email)
  if (again === 0) return
  const delay = SECOND * (15 + 45 * Math.random())
  await ctx.scheduler.runAfter(delay, internal.email.sendAgain, { id, again: again - 1 })
}

export const sendAgain = internalMutation({
  args: { id: vEmailId, again: v.number() },
  handler: async (ctx, { id, again }): Promise<void> => {
    const email = await resend().get(ctx, id)
    if (email?.status !== 'failed' || !email.errorMessage?.includes(' 422 ')) return
    const { from, to, subject = '', text, html } = email
    await queue(ctx, { from, to, subject, text, html }, again)
  },
})

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
