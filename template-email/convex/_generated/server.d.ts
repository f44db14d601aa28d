// What the app's own has beside that of template-base. It serves this folder's types only.
import type * as base from '../../../template-base/convex/_generated/server'

export * from '../../../template-base/convex/_generated/server'
export declare const env: typeof base.env & {
  readonly RESEND_API_KEY: string | undefined
  readonly EMAIL_FROM: string | undefined
}
