import type { JSONValue } from 'convex/values'
import type { Analysis, PushRequest } from './analyze.ts'

/** The claims of a verified token, as `ctx.auth.getUserIdentity()` returns them. */
export interface Identity {
  readonly subject: string
  readonly issuer: string
  readonly tokenIdentifier: string
  readonly [claim: string]: unknown
}

export type FunctionKind = 'query' | 'mutation' | 'action'

/** One call of a function. An admin may call internal functions, too. */
export interface FunctionCall {
  /** `any` takes whatever kind the function is of. */
  readonly kind: FunctionKind | 'any'
  /** `tasks:list` */
  readonly path: string
  readonly args: JSONValue
  readonly identity: Identity | null
  readonly admin: boolean
}

/** What a function answered, in Convex's encoding of values. */
export type FunctionResult =
  | { readonly ok: true; readonly value: JSONValue }
  | {
      readonly ok: false
      readonly message: string
      /** Of a ConvexError. */
      readonly data?: JSONValue
    }

/** A request to the HTTP actions, and what they answered. */
export interface SiteRequest {
  readonly path: string
  readonly method: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Uint8Array | null
  /** Of the connection: no header of the client's can change it. */
  readonly ip: string | null
  readonly identity: Identity | null
}
export interface SiteResponse {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Uint8Array
}

/** A provider of `auth.config.ts`. */
export interface AuthProvider {
  readonly type?: string
  readonly applicationID?: string
  /** OIDC: where the discovery document is. */
  readonly domain?: string
  /** Custom JWT: */
  readonly issuer?: string
  readonly jwks?: string
  readonly algorithm?: string
}

/** What the thread that holds the app's code can be asked. */
export interface Operations {
  /** Imports the app's modules. Throws when one of them can't be imported. */
  load(input: null): Promise<readonly AuthProvider[]>
  call(input: FunctionCall): Promise<FunctionResult>
  fetch(input: SiteRequest): Promise<SiteResponse>
  setEnv(input: Readonly<Record<string, string>>): Promise<void>
  setClock(offsetMs: number): Promise<void>
  setLatency(ms: number): Promise<void>
  countCalls(input: null): Promise<number>
  /** Answers when what is due by the deployment's clock has run. */
  settled(input: null): Promise<void>
  analyze(input: PushRequest): Promise<Analysis>
}

export type Variables = Readonly<Record<string, string>>
export type Routes = Readonly<Record<string, string>>
export interface WorkerData {
  readonly appDir: string
  readonly env: Variables
  /** Origin → the one that stands for it when a function fetches. */
  readonly routes: Routes
}
export interface Request {
  readonly id: number
  readonly operation: keyof Operations
  readonly input: unknown
}
export type Reply =
  | { readonly id: number; readonly output: unknown }
  | { readonly id: number; readonly error: string }
/** What the thread says unasked: functions that were scheduled have run. */
export type Notice = 'scheduled'
