// What the app's own has beside that of template-base. It serves this folder's types only.
import type { ApiFromModules, FilterApi, FunctionReference } from 'convex/server'
import type * as base from '../../../template-base/convex/_generated/api'
import type * as accountMails from '../accountMails'
import type * as email from '../email'
import type * as emailAddress from '../emailAddress'

type Added = ApiFromModules<{
  accountMails: typeof accountMails
  email: typeof email
  emailAddress: typeof emailAddress
}>

export declare const api: typeof base.api & FilterApi<Added, FunctionReference<any, 'public'>>
export declare const internal: typeof base.internal &
  FilterApi<Added, FunctionReference<any, 'internal'>>
export declare const components: typeof base.components & {
  resend: import('@convex-dev/resend/_generated/component.js').ComponentApi<'resend'>
}
