// What the app's own has beside that of template-base. It serves this folder's types only.
import type { ApiFromModules, FilterApi, FunctionReference } from 'convex/server'
import type * as base from '../../../../template-base/convex/_generated/api'
import type * as dataExport from '../dataExport'

type Added = ApiFromModules<{ dataExport: typeof dataExport }>

export declare const api: typeof base.api & FilterApi<Added, FunctionReference<any, 'public'>>
export declare const internal: typeof base.internal
export declare const components: typeof base.components
