import { components } from './_generated/api'
import type { MutationCtx } from './_generated/server'
import { sendEmail, type Email } from './email'
import { refuseMail, type MailKind } from './mailLimit'
import { addressChanged, passwordChanged } from './mailTexts'

interface Stored {
  _id: string
  userId: string
  email: string
  name: string
  emailVerified: boolean
  password?: string | null
}

/** Runs with every change of a user: tells the old address of the new one. */
export async function tellOfAddress(
  ctx: MutationCtx,
  user: Pick<Stored, 'email'>,
  old: Pick<Stored, 'email' | 'name' | 'emailVerified'>,
) {
  if (user.email !== old.email) await tell(ctx, 'new address', addressChanged(old, user.email))
}

/** Runs with every change of a way to sign in: tells the owner that the password is another. */
export async function tellOfPassword(
  ctx: MutationCtx,
  account: Pick<Stored, 'userId' | 'password'>,
  old?: Pick<Stored, 'password'>,
) {
  if (!account.password || account.password === old?.password) return
  const user: Stored | null = await ctx.runQuery(components.betterAuth.adapter.findOne, {
    model: 'user',
    where: [{ field: '_id', value: account.userId }],
  })
  // The first password of a sign-up is no change.
  if (user && (old || user.emailVerified)) await tell(ctx, 'new password', passwordChanged(user))
}

/** Each kind is counted by itself: who changes the password again and again hides no new address. */
async function tell(ctx: MutationCtx, kind: MailKind, email: Email) {
  if (await refuseMail(ctx, kind, email.to)) return
  await sendEmail(ctx, email)
}
