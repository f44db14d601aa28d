import { randomUUID } from 'node:crypto'
import type { JSONValue } from 'convex/values'
import type { WebSocket } from 'ws'
import { anonymous, AuthError, type Caller } from './auth.ts'
import { checkNotExpired, type Backend, type Outcome } from './backend.ts'
import type { FunctionResult } from './functions/messages.ts'
import { journalOf, keepEnd, withJournal } from './journal.ts'

// The messages of `convex/src/browser/sync/protocol.ts`, as they are on the wire.

interface Version {
  readonly querySet: number
  readonly identity: number
  readonly ts: bigint
}

type Modification =
  | {
      type: 'Add'
      queryId: number
      udfPath: string
      args: JSONValue[]
      journal?: string | null
    }
  | { type: 'Remove'; queryId: number }

type ClientMessage =
  | { type: 'Connect'; sessionId: string }
  | {
      type: 'Authenticate'
      tokenType: 'Admin' | 'User' | 'None'
      value?: string
      baseVersion: number
    }
  | {
      type: 'ModifyQuerySet'
      baseVersion: number
      newVersion: number
      modifications: Modification[]
    }
  | {
      type: 'Mutation' | 'Action'
      requestId: number
      udfPath: string
      args: JSONValue[]
    }
  | { type: 'Event' }

interface Subscription {
  readonly path: string
  readonly args: JSONValue
  /** Where its page ends, once it has run. */
  journal: string | null
  /** What the client was last told, as text. */
  told?: string
}

/** What a connection needs of its deployment. */
export interface SyncContext {
  readonly backend: Backend
  /** Answers who a connection belongs to. Throws an AuthError. */
  authenticate(tokenType: string, value: string): Promise<Caller>
  /** Outcomes of mutations: a client that reconnects sends again what it heard no answer to. */
  readonly outcomes: Map<string, Promise<Outcome>>
  log(event: string, path: string): void
}

const PING_INTERVAL = 15_000

/** Serves one client of the sync protocol until its socket closes. */
export function serveSync(socket: WebSocket, context: SyncContext): void {
  const session = new Session(socket, context)
  const ping = setInterval(() => session.send({ type: 'Ping' }), PING_INTERVAL)
  const stopListening = context.backend.onChange(() => session.refresh())
  socket.on('message', (data) => session.receive(String(data)))
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    clearInterval(ping)
    stopListening()
  })
}

class Session {
  readonly #socket: WebSocket
  readonly #context: SyncContext
  readonly #queries = new Map<number, Subscription>()
  #version: Version = { querySet: 0, identity: 0, ts: 0n }
  #caller: Caller = anonymous
  // Stands in where no Connect comes: a client that pauses twice before its
  // socket opens (convex 1.48, WebSocketManager.pause) leaves it out.
  #id: string = randomUUID()
  #turn: Promise<void> = Promise.resolve()
  #refreshing = false

  constructor(socket: WebSocket, context: SyncContext) {
    this.#socket = socket
    this.#context = context
  }

  send(message: object): void {
    if (this.#socket.readyState === this.#socket.OPEN) {
      this.#socket.send(JSON.stringify(message))
    }
  }

  receive(text: string): void {
    this.#enqueue(() => this.#handle(JSON.parse(text) as ClientMessage))
  }

  /** Tells the client of changed results; changes that arrive meanwhile are told together. */
  refresh(): void {
    if (this.#refreshing || this.#queries.size === 0) return
    this.#refreshing = true
    this.#enqueue(async () => {
      this.#refreshing = false
      await this.#advance({})
    })
  }

  #enqueue(task: () => Promise<void>): void {
    this.#turn = this.#turn.then(task).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error)
      this.send(
        error instanceof AuthError
          ? this.#authError(text, this.#version.identity - 1, false)
          : { type: 'FatalError', error: text },
      )
      this.#socket.close(1000)
    })
  }

  async #handle(message: ClientMessage): Promise<void> {
    switch (message.type) {
      case 'Connect':
        this.#id = message.sessionId
        return
      case 'Authenticate':
        return this.#authenticate(message)
      case 'ModifyQuerySet':
        return this.#modify(message)
      case 'Mutation':
        return this.#mutate(message)
      case 'Action':
        // Actions run beside everything else.
        return void this.#act(message)
      case 'Event':
        return
      default:
        throw new Error(`Unknown message: ${JSON.stringify(message)}`)
    }
  }

  async #authenticate(message: ClientMessage & { type: 'Authenticate' }): Promise<void> {
    this.#checkBase('identity', message.baseVersion)
    this.#context.log('Authenticate', message.tokenType)
    try {
      this.#caller = await this.#context.authenticate(message.tokenType, message.value ?? '')
    } catch (error) {
      if (!(error instanceof AuthError)) throw error
      this.send(this.#authError(error.message, message.baseVersion, true))
      return this.#socket.close(1000)
    }
    await this.#advance({ identity: message.baseVersion + 1 })
  }

  #authError(error: string, baseVersion: number, authUpdateAttempted: boolean) {
    return { type: 'AuthError', error, baseVersion, authUpdateAttempted }
  }

  #checkBase(part: 'querySet' | 'identity', base: number): void {
    if (base === this.#version[part]) return
    throw new Error(`Expected base version ${this.#version[part]} of ${part}, got ${base}`)
  }

  async #modify(message: ClientMessage & { type: 'ModifyQuerySet' }): Promise<void> {
    this.#checkBase('querySet', message.baseVersion)
    const removed: number[] = []
    for (const modification of message.modifications) {
      if (modification.type === 'Remove') {
        this.#queries.delete(modification.queryId)
        removed.push(modification.queryId)
        continue
      }
      const { queryId, udfPath, args, journal = null } = modification
      this.#context.log('Query', udfPath)
      this.#queries.set(queryId, { path: udfPath, args: args[0] ?? {}, journal })
    }
    await this.#advance({ querySet: message.newVersion }, removed)
  }

  /** Runs the client's queries and moves it to their time. Without a new version, an unchanged client hears nothing. */
  async #advance(version: Partial<Version>, removed: readonly number[] = []): Promise<void> {
    checkNotExpired(this.#caller, this.#context.backend.wallTime())
    const queries = [...this.#queries]
    const { results, ts } = await this.#context.backend.runQueries(
      queries.map(([, { path, args, journal }]) => ({ path, args: withJournal(args, journal) })),
      this.#caller,
    )
    const updates = queries.flatMap(([queryId, query], index) =>
      update(queryId, query, results[index] as FunctionResult),
    )
    const modifications = [
      ...removed.map((queryId) => ({ type: 'QueryRemoved', queryId })),
      ...updates,
    ]
    const silent = Object.keys(version).length + modifications.length === 0
    if (!silent) this.#transition({ ...version, ts }, modifications)
  }

  #transition(version: Partial<Version>, modifications: object[]): void {
    const start = this.#version
    this.#version = { ...start, ...version }
    this.send({
      type: 'Transition',
      startVersion: { ...start, ts: encodeTs(start.ts) },
      endVersion: { ...this.#version, ts: encodeTs(this.#version.ts) },
      modifications,
    })
  }

  async #mutate({
    requestId,
    udfPath,
    args,
  }: ClientMessage & { type: 'Mutation' | 'Action' }): Promise<void> {
    checkNotExpired(this.#caller, this.#context.backend.wallTime())
    this.#context.log('Mutation', udfPath)
    const key = `${this.#id} ${requestId}`
    const { outcomes, backend } = this.#context
    const outcome =
      outcomes.get(key) ?? backend.run('mutation', udfPath, args[0] ?? {}, this.#caller)
    outcomes.set(key, outcome)
    const { result, ts } = await outcome
    this.send({
      type: 'MutationResponse',
      requestId,
      ...answer(result),
      ...(result.ok ? { ts: encodeTs(ts) } : {}),
    })
    // The client holds the mutation's promise back until its queries have reached this time.
    if (result.ok) await this.#advance({ ts })
  }

  async #act({
    requestId,
    udfPath,
    args,
  }: ClientMessage & { type: 'Mutation' | 'Action' }): Promise<void> {
    this.#context.log('Action', udfPath)
    try {
      checkNotExpired(this.#caller, this.#context.backend.wallTime())
      const { result } = await this.#context.backend.run(
        'action',
        udfPath,
        args[0] ?? {},
        this.#caller,
      )
      this.send({ type: 'ActionResponse', requestId, ...answer(result) })
    } catch (error) {
      this.#enqueue(() => Promise.reject(error as Error))
    }
  }
}

function update(queryId: number, query: Subscription, answered: FunctionResult): object[] {
  const result = keepEnd(answered, query.journal)
  query.journal ??= journalOf(result)
  // A failure carries an id of its own request: without that it is the same failure.
  const text = JSON.stringify(
    result.ok ? result : { ...result, message: withoutRequest(result.message) },
  )
  if (text === query.told) return []
  query.told = text
  const common = { queryId, logLines: [], journal: query.journal }
  return [
    result.ok
      ? { type: 'QueryUpdated', value: result.value, ...common }
      : {
          type: 'QueryFailed',
          errorMessage: result.message,
          ...(result.data === undefined ? {} : { errorData: result.data }),
          ...common,
        },
  ]
}

const withoutRequest = (message: string) => message.replace(/^\[Request ID: \w+\] /, '')

function answer(result: FunctionResult): object {
  if (result.ok) return { success: true, result: result.value, logLines: [] }
  return {
    success: false,
    result: result.message,
    logLines: [],
    ...(result.data === undefined ? {} : { errorData: result.data }),
  }
}

/** A time as eight bytes, the least first, in base64. */
export function encodeTs(ts: bigint): string {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(ts)
  return bytes.toString('base64')
}
