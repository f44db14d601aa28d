import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { deployApp } from './app.ts'

// The messages themselves, where Convex's own client would hide what is sent.

const extra = `
import { paginationOptsValidator } from 'convex/server'
import { v } from 'convex/values'
import { mutation, query } from './_generated/server'

const mine = async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? 'nobody'
export const add = mutation({
  args: { text: v.string() },
  handler: async (ctx, { text }) =>
    await ctx.db.insert('tasks', { userId: await mine(ctx), text, done: false }),
})
export const count = query({
  args: {},
  handler: async (ctx) => {
    const userId = await mine(ctx)
    const tasks = await ctx.db
      .query('tasks')
      .withIndex('by_user', (q) => q.eq('userId', userId))
      .collect()
    return tasks.length
  },
})
export const list = query({
  args: { paginationOpts: paginationOptsValidator },
  handler: async (ctx, { paginationOpts }) => {
    const userId = await mine(ctx)
    return await ctx.db
      .query('tasks')
      .withIndex('by_user', (q) => q.eq('userId', userId))
      .order('desc')
      .paginate(paginationOpts)
  },
})
export const remove = mutation({
  args: { id: v.id('tasks') },
  handler: (ctx, { id }) => ctx.db.delete('tasks', id),
})
`

let issuer: Server
let privateKey: CryptoKey
let origin: string
let deployment: Awaited<ReturnType<typeof deployApp>>

beforeAll(async () => {
  const keys = await generateKeyPair('RS256')
  privateKey = keys.privateKey
  const key = { ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'RS256' }
  issuer = createServer((_request, response) => {
    response.end(JSON.stringify({ keys: [key] }))
  })
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`
  const provider = {
    type: 'customJwt',
    issuer: origin,
    jwks: `${origin}/jwks`,
    algorithm: 'RS256',
  }
  deployment = await deployApp(
    {},
    {
      'extra.ts': extra,
      'auth.config.ts': `export default { providers: [${JSON.stringify(provider)}] }`,
    },
  )
})
afterAll(async () => {
  await deployment.stop()
  issuer.close()
})

const token = (subject: string, expires: number) =>
  new SignJWT()
    .setProtectedHeader({ alg: 'RS256', kid: 'k' })
    .setSubject(subject)
    .setIssuer(origin)
    .setExpirationTime(expires)
    .sign(privateKey)
const now = () => Math.floor(Date.now() / 1000)

interface Message {
  readonly type: string
  readonly [field: string]: unknown
}

/** A connection that answers messages in the order of their arrival. */
async function connect(sessionId: string) {
  const socket = new WebSocket(`${deployment.url.replace('http', 'ws')}/api/1.48.0/sync`)
  const arrived: Message[] = []
  let wake = () => {}
  socket.on('message', (data) => {
    arrived.push(JSON.parse(String(data)) as Message)
    wake()
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await new Promise((resolve) => socket.once('open', resolve))
  const send = (message: object) => socket.send(JSON.stringify(message))
  const next = async (): Promise<Message> => {
    const message = arrived.shift()
    if (message !== undefined) return message
    await new Promise<void>((resolve) => (wake = resolve))
    return next()
  }
  send({ type: 'Connect', sessionId, connectionCount: 0 })
  return { send, next, closed, close: () => socket.close() }
}

const authenticate = (value: string) => ({
  type: 'Authenticate',
  tokenType: 'User',
  value,
  baseVersion: 0,
})
const subscribe = (udfPath: string, args = {}, journal?: string) => ({
  type: 'ModifyQuerySet',
  baseVersion: 0,
  newVersion: 1,
  modifications: [{ type: 'Add', queryId: 7, udfPath, args: [args], journal }],
})
const add = (requestId: number) => ({
  type: 'Mutation',
  requestId,
  udfPath: 'extra:add',
  args: [{ text: 'x' }],
})
const updated = (value: number) =>
  expect.objectContaining({ type: 'QueryUpdated', queryId: 7, value }) as object

test('versions move on with identity, queries and time', async () => {
  const client = await connect('versions')
  client.send(authenticate(await token('ann', now() + 60)))
  client.send(subscribe('extra:count'))
  const identified = await client.next()
  expect(identified).toMatchObject({
    type: 'Transition',
    startVersion: { querySet: 0, identity: 0 },
    endVersion: { querySet: 0, identity: 1 },
    modifications: [],
  })
  expect(await client.next()).toMatchObject({
    startVersion: identified['endVersion'],
    endVersion: { querySet: 1, identity: 1 },
    modifications: [updated(0)],
  })
  client.close()
})

test('a mutation that is sent again after a reconnect runs once', async () => {
  const value = await token('bob', now() + 60)
  const first = await connect('again')
  first.send(authenticate(value))
  await first.next()
  first.send(add(1))
  const answer = await first.next()
  expect(answer).toMatchObject({ type: 'MutationResponse', success: true })
  first.close()

  const second = await connect('again')
  second.send(authenticate(value))
  second.send(subscribe('extra:count'))
  second.send(add(1))
  await second.next()
  expect(await second.next()).toMatchObject({ modifications: [updated(1)] })
  expect(await second.next()).toEqual(answer)
  second.close()
})

test('nobody hears of changes to what they may not see', async () => {
  const eve = await connect('eve')
  eve.send(authenticate(await token('eve', now() + 60)))
  eve.send(subscribe('extra:count'))
  await eve.next()
  await eve.next()
  const carl = await connect('carl')
  carl.send(authenticate(await token('carl', now() + 60)))
  carl.send(add(1))
  await carl.next()
  await carl.next()
  eve.send(add(1))
  expect(await eve.next()).toMatchObject({ type: 'MutationResponse' })
  expect(await eve.next()).toMatchObject({ modifications: [updated(1)] })
  eve.close()
  carl.close()
})

test('a page keeps its end while rows come and go, and after a reconnect', async () => {
  const value = await token('pat', now() + 60)
  const opts = { paginationOpts: { numItems: 2, cursor: null } }
  const open = async (journal?: string) => {
    const client = await connect('pages')
    client.send(authenticate(value))
    await client.next()
    const next = async () => {
      const { modifications = [] } = await client.next()
      return (modifications as Page[])[0]
    }
    const write = async (udfPath: string, args: object) => {
      client.send({ ...add(0), requestId: (requests += 1), udfPath, args: [args] })
      await client.next()
    }
    const list = () => client.send(subscribe('extra:list', opts, journal))
    return { ...client, next, write, list }
  }
  const texts = (page?: Page) => page?.value.page.map(({ text }) => text)

  const first = await open()
  for (const text of ['1', '2', '3']) {
    await first.write('extra:add', { text })
    await first.next()
  }
  first.list()
  const page = await first.next()
  expect(texts(page)).toEqual(['3', '2'])
  await first.write('extra:add', { text: '4' })
  expect(texts(await first.next())).toEqual(['4', '3', '2'])
  // Its last row: the page ends there all the same, and is not the last one.
  await first.write('extra:remove', { id: page?.value.page[1]?._id })
  const shorter = await first.next()
  expect(texts(shorter)).toEqual(['4', '3'])
  expect(shorter?.value).toMatchObject({
    isDone: false,
    continueCursor: page?.value.continueCursor,
  })
  first.close()

  const again = await open(shorter?.journal)
  again.list()
  expect(texts(await again.next())).toEqual(['4', '3'])
  again.close()
})

interface Page {
  readonly journal: string
  readonly value: {
    readonly page: readonly { readonly _id: string; readonly text: string }[]
    readonly continueCursor: string
  }
}
let requests = 0

test('an expired token is refused, and the connection ends', async () => {
  const client = await connect('expired')
  client.send(authenticate(await token('dan', now() - 1)))
  expect(await client.next()).toMatchObject({
    type: 'AuthError',
    baseVersion: 0,
    authUpdateAttempted: true,
    error: expect.stringContaining('expired') as string,
  })
  await client.closed
})

test('a token that expires on an open connection ends it', async () => {
  const expires = now() + 5
  const client = await connect('expiring')
  client.send(authenticate(await token('fay', expires)))
  expect(await client.next()).toMatchObject({ type: 'Transition' })
  const left = expires * 1000 - Date.now() + 50
  await new Promise((resolve) => setTimeout(resolve, left))
  client.send(add(1))
  expect(await client.next()).toMatchObject({
    type: 'AuthError',
    baseVersion: 0,
    authUpdateAttempted: false,
  })
  await client.closed
})

test('a message out of order is fatal', async () => {
  const client = await connect('order')
  client.send({ ...subscribe('extra:count'), baseVersion: 3, newVersion: 4 })
  expect(await client.next()).toMatchObject({
    type: 'FatalError',
    error: 'Expected base version 0 of querySet, got 3',
  })
  await client.closed
})
