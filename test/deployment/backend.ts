import type { JSONValue } from 'convex/values'
import { AuthError, createVerifier, type Caller, type Verify } from './auth.ts'
import type { FunctionsHost } from './functions/host.ts'
import type {
  FunctionCall,
  FunctionResult,
  SiteRequest,
  SiteResponse,
} from './functions/messages.ts'
import { systemQuery, type Variables } from './variables.ts'

/** A function's result, and the time of the database that it belongs to. */
export interface Outcome {
  readonly result: FunctionResult
  readonly ts: bigint
}

/** The functions of a deployment, one at a time, and who wants to know when data changed. */
export interface Backend {
  /** Runs a function. What it throws is a result. */
  run(kind: FunctionCall['kind'], path: string, args: JSONValue, caller: Caller): Promise<Outcome>
  /** Runs several queries on the same data. */
  runQueries(
    queries: readonly { path: string; args: JSONValue }[],
    caller: Caller,
  ): Promise<{ results: FunctionResult[]; ts: bigint }>
  fetch(request: SiteRequest): Promise<SiteResponse>
  verify: Verify
  /** The listener is called after every change of the data. Returns what ends that. */
  onChange(listener: () => void): () => void
  /** Tells the functions of changed variables. */
  environmentChanged(): Promise<void>
  now(): bigint
  /** What its clock shows. */
  wallTime(): number
  /** Moves its clock and its functions' away from this machine's. */
  setClock(offsetMs: number): Promise<void>
  /** How long each query or mutation of an HTTP action is on its way. */
  setLatency(ms: number): Promise<void>
  /** How many queries and mutations HTTP actions have run so far. */
  countCalls(): Promise<number>
  /** Resolves when the scheduled functions that are due have run. */
  settled(): Promise<void>
}

/** Loads the app's functions, unless told otherwise. Throws when one of its modules can't be imported. */
export async function createBackend(
  host: FunctionsHost,
  variables: Variables,
  load: boolean,
): Promise<Backend> {
  let offset = 0
  const wallTime = () => Date.now() + offset
  const verify = createVerifier(load ? await host.ask('load', null) : [], wallTime)
  const database = createDatabaseTime()
  const call = createCall(host, variables)
  const exclusive = createQueue()
  host.onScheduled(() => void database.changed())
  return {
    ...createRunners(call, database, exclusive),
    verify,
    async fetch(request) {
      const response = await host.ask('fetch', request)
      database.changed()
      return response
    },
    onChange: database.onChange,
    async environmentChanged() {
      await host.ask('setEnv', variables.environment())
      database.changed()
    },
    now: database.now,
    wallTime,
    async setClock(offsetMs) {
      offset = offsetMs
      await host.ask('setClock', offsetMs)
    },
    setLatency: (ms) => host.ask('setLatency', ms),
    countCalls: () => host.ask('countCalls', null),
    settled: () => host.ask('settled', null),
  }
}

type Call = (
  kind: FunctionCall['kind'],
  path: string,
  args: JSONValue,
  caller: Caller,
) => Promise<FunctionResult>

function createCall(host: FunctionsHost, variables: Variables): Call {
  return async (kind, path, args, { admin, identity }) => {
    const system = admin ? systemQuery(variables, path, args) : undefined
    if (system !== undefined) return { ok: true, value: system }
    return host.ask('call', { kind, path, args, identity, admin })
  }
}

function createRunners(
  call: Call,
  { changed, now }: DatabaseTime,
  exclusive: Queue,
): Pick<Backend, 'run' | 'runQueries'> {
  return {
    run: (kind, path, args, caller) =>
      exclusive(async () => {
        const result = await call(kind, path, args, caller)
        // An action may have written before it failed; a mutation has not.
        const wrote = kind !== 'query' && (result.ok || kind !== 'mutation')
        return { result, ts: wrote ? changed() : now() }
      }),
    runQueries: (queries, caller) =>
      exclusive(async () => {
        const results: FunctionResult[] = []
        for (const { path, args } of queries) {
          results.push(await call('query', path, args, caller))
        }
        return { results, ts: now() }
      }),
  }
}

type Queue = <T>(task: () => Promise<T>) => Promise<T>

/**
 * Functions that clients call take turns, so that what a client's queries answer belongs together; an
 * action that calls its own deployment over HTTP would wait for itself. HTTP actions and scheduled
 * functions run beside them, and convex-test lets their transactions take turns.
 */
function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(task: () => Promise<T>): Promise<T> => {
    const turn = last.then(task)
    last = turn.catch(() => {})
    return turn
  }
}

interface DatabaseTime {
  now(): bigint
  /** Moves the time on and tells the listeners. */
  changed(): bigint
  onChange(listener: () => void): () => void
}

/** Convex counts time in nanoseconds, and never twice the same. */
function createDatabaseTime(): DatabaseTime {
  const listeners = new Set<() => void>()
  let last = BigInt(Date.now()) * 1_000_000n
  return {
    now: () => last,
    changed() {
      const wall = BigInt(Date.now()) * 1_000_000n
      last = wall > last ? wall : last + 1n
      listeners.forEach((listener) => listener())
      return last
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Throws an AuthError for a token that ended while its connection stayed open. */
export function checkNotExpired({ expiresAt }: Caller, now: number): void {
  if (expiresAt > now) return
  throw new AuthError('Unauthenticated', 'Could not verify token claim: the token has expired')
}
