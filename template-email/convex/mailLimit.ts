import type { GenericCtx } from '@convex-dev/better-auth'
import { requireRunMutationCtx } from '@convex-dev/better-auth/utils'
import { MINUTE, RateLimiter } from '@convex-dev/rate-limiter'
import { components } from './_generated/api'
import type { DataModel } from './_generated/dataModel'
import { digest } from './passwordLimit'

const limiter = new RateLimiter(components.rateLimiter, {
  mail: { kind: 'token bucket', rate: 1, period: 15 * MINUTE },
})

/** Each is good for one mail in 15 minutes. One bucket of three would fill up in between. */
const STAMPS = ['1', '2', '3']

export type MailKind = 'confirm' | 'reset' | 'change' | 'new address' | 'new password'

/** What a user reads who asks for a mail while none can be sent. */
export const NO_MAIL = 'This site can’t send mails at the moment. Try again later.'

/**
 * Whether one more mail of this kind may go to the address, or be caused by the account,
 * so that nobody can flood an inbox. If not, it answers since when, in words.
 */
export async function refuseMail(
  ctx: GenericCtx<DataModel>,
  kind: MailKind,
  addressOrAccount: string,
): Promise<string | undefined> {
  const whose = `${kind} ${await digest(addressOrAccount)}`
  const waits: number[] = []
  for (const stamp of STAMPS) {
    const args = { key: `${whose} ${stamp}` }
    const { ok, retryAfter } = await limiter.limit(requireRunMutationCtx(ctx), 'mail', args)
    if (ok) return
    waits.push(retryAfter)
  }
  const minutes = Math.ceil(Math.min(...waits) / MINUTE)
  return `That was asked for too often. Look into your inbox, or try again in ${minutes} minute${minutes === 1 ? '' : 's'}.`
}
