import { execFile } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ConvexClient, ConvexHttpClient } from 'convex/browser'
import { makeFunctionReference as reference } from 'convex/server'
import { ConvexError } from 'convex/values'
import { generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDeployment } from '../../deployment/server.ts'
import { createApp, deployApp, env, signUp } from './app.ts'

const extra = `
import { v } from 'convex/values'
import { action, internalQuery, mutation, query } from './_generated/server'
import { authComponent } from './auth'

export const ownTasks = query({
  args: {},
  handler: async (ctx) => {
    const { _id } = await authComponent.getAuthUser(ctx)
    const own = ctx.db.query('tasks').withIndex('by_user', (q) => q.eq('userId', _id))
    return await own.order('desc').collect()
  },
})
export const variable = query({
  args: { name: v.string() },
  handler: (_ctx, { name }) => process.env[name] ?? null,
})
export const secret = internalQuery({ args: {}, handler: () => 'secret' })
export const fails = query({
  args: {},
  handler: () => {
    console.log('about to fail')
    throw new Error('broken on purpose')
  },
})
export const addTwice = action({
  args: { text: v.string() },
  handler: async (ctx, { text }) => {
    const { api } = await import('./_generated/api')
    await ctx.runMutation(api.tasks.add, { text })
    await ctx.runMutation(api.tasks.add, { text: text + ' again' })
    return new ArrayBuffer(2)
  },
})
export const boom = mutation({ args: {}, handler: () => { throw new Error('no') } })
`

interface Task {
  readonly text: string
}
type None = Record<string, never>

const api = {
  currentUser: reference<'query', None, object>('auth:getCurrentUser'),
  listTasks: reference<'query', None, Task[]>('extra:ownTasks'),
  addTask: reference<'mutation', { text: string }, string>('tasks:add'),
  removeTask: reference<'mutation', { id: string }>('tasks:remove'),
  variable: reference<'query', { name: string }>('extra:variable'),
  secret: reference<'query', None>('extra:secret'),
  fails: reference<'query', None>('extra:fails'),
  addTwice: reference<'action', { text: string }>('extra:addTwice'),
  boom: reference<'mutation', None>('extra:boom'),
  boomAsQuery: reference<'query', None>('extra:boom'),
  missing: reference<'mutation', None>('none:such'),
}

let deployment: Awaited<ReturnType<typeof deployApp>>
beforeAll(async () => {
  deployment = await deployApp({}, { 'extra.ts': extra })
})
afterAll(() => deployment.stop())

function httpClient(token?: string): ConvexHttpClient {
  const client = new ConvexHttpClient(deployment.url, { logger: false })
  if (token !== undefined) client.setAuth(token)
  return client
}

function socketClient(token?: string): ConvexClient {
  const client = new ConvexClient(deployment.url, { logger: false })
  if (token !== undefined) client.setAuth(() => Promise.resolve(token))
  return client
}

/** Resolves when the client's subscription holds that many tasks. */
function waitForTasks(client: ConvexClient, count: number): Promise<Task[]> {
  return new Promise((resolve, reject) => {
    client.onUpdate(
      api.listTasks,
      {},
      (tasks) => {
        if (tasks.length === count) resolve(tasks)
      },
      reject,
    )
  })
}

async function foreignToken(issuer: string): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256')
  return new SignJWT({ sessionId: 'x' })
    .setProtectedHeader({ alg: 'RS256', kid: 'x' })
    .setSubject('x')
    .setIssuer(issuer)
    .setAudience('convex')
    .setExpirationTime('1h')
    .sign(privateKey)
}

describe('over HTTP', () => {
  test('a user who signed up on the site is known to the functions', async () => {
    const client = httpClient(await signUp(deployment, 'Ann'))
    expect(await client.query(api.currentUser)).toMatchObject({
      name: 'Ann',
      email: 'ann@example.com',
    })
  })

  test('each user has tasks of their own', async () => {
    const bob = httpClient(await signUp(deployment, 'Bob'))
    const eve = httpClient(await signUp(deployment, 'Eve'))
    const id = await bob.mutation(api.addTask, { text: 'Bob’s' })
    expect(await bob.query(api.listTasks)).toMatchObject([{ text: 'Bob’s', done: false }])
    expect(await eve.query(api.listTasks)).toEqual([])
    await expect(eve.mutation(api.removeTask, { id })).rejects.toMatchObject({
      data: 'There is no such task.',
    })
    expect(await bob.query(api.listTasks)).toHaveLength(1)
  })

  test('signed out, a protected function throws its ConvexError', async () => {
    const asked = httpClient().query(api.currentUser)
    await expect(asked).rejects.toBeInstanceOf(ConvexError)
    await expect(asked).rejects.toMatchObject({ data: 'Unauthenticated' })
  })

  test('consistent queries and actions work, and bytes survive', async () => {
    const client = httpClient(await signUp(deployment, 'Carl'))
    const bytes: unknown = await client.action(api.addTwice, {
      text: 'one',
    })
    expect(bytes).toEqual(new ArrayBuffer(2))
    const tasks = await client.consistentQuery(api.listTasks)
    expect(tasks.map((task: Task) => task.text)).toEqual(['one again', 'one'])
  })

  test('a wrong origin is refused by the HTTP actions', async () => {
    const response = await fetch(`${deployment.siteUrl}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: 'http://evil.example',
        cookie: 'a=b',
      },
      body: JSON.stringify({ email: 'ann@example.com', password: 'x' }),
    })
    expect(response.status).toBe(403)
  })

  test('a path without an HTTP action is not found', async () => {
    const response = await fetch(`${deployment.siteUrl}/nowhere`)
    expect(response.status).toBe(404)
  })

  test.each([
    ['is no token', () => Promise.resolve('nonsense'), 'InvalidAuthHeader'],
    [
      'has a changed signature',
      async () => (await signUp(deployment, 'Fay')).replace(/.{8}$/, 'AAAAAAAA'),
      'Unauthenticated',
    ],
    ['is signed with another key', () => foreignToken(deployment.siteUrl), 'Unauthenticated'],
    ['is of another issuer', () => foreignToken('https://issuer.example'), 'NoAuthProvider'],
  ])('a token that %s is refused', async (_how, token, code) => {
    const response = await fetch(`${deployment.url}/api/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await token()}` },
      body: JSON.stringify({ path: 'extra:ownTasks', args: {} }),
    })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code })
  })

  test('internal functions, other kinds and unknown names are refused', async () => {
    const client = httpClient()
    await expect(client.query(api.secret)).rejects.toThrow(
      "Could not find public function for 'extra:secret'",
    )
    await expect(client.query(api.boomAsQuery)).rejects.toThrow(
      'Trying to execute extra:boom as Query, but it is defined as Mutation',
    )
    await expect(client.mutation(api.missing)).rejects.toThrow(
      "Could not find public function for 'none:such'",
    )
  })

  test('an error tells the app’s own frames, and its output is logged', async () => {
    const error = await httpClient()
      .query(api.fails)
      .catch((thrown: Error) => thrown.message)
    expect(error).toContain('Uncaught Error: broken on purpose')
    expect(error).toContain('../convex/extra.ts')
    expect(error).not.toContain('node_modules')
    expect(deployment.logs).toContain('about to fail')
  })

  test('requests are logged with their status', async () => {
    const before = deployment.requests.length
    await fetch(`${deployment.siteUrl}/api/auth/get-session`)
    expect(deployment.requests.slice(before)).toContainEqual({
      on: 'site',
      method: 'GET',
      path: '/api/auth/get-session',
      status: 200,
    })
  })

  test('what the deployment does not know is said to be unknown', async () => {
    const response = await fetch(`${deployment.url}/api/shapes2`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'NotFound' })
  })
})

describe('over the sync protocol', () => {
  test('a subscriber follows what another client writes', async () => {
    const token = await signUp(deployment, 'Gus')
    const [reader, writer] = [socketClient(token), socketClient(token)]
    const seen = waitForTasks(reader, 1)
    await writer.mutation(api.addTask, { text: 'live' })
    expect(await seen).toMatchObject([{ text: 'live' }])
    await Promise.all([reader.close(), writer.close()])
  })

  test('a mutation’s promise waits for the client’s own queries', async () => {
    const client = socketClient(await signUp(deployment, 'Hal'))
    let texts: string[] = []
    await new Promise<void>((resolve) => {
      client.onUpdate(api.listTasks, {}, (tasks: Task[]) => {
        texts = tasks.map(({ text }) => text)
        resolve()
      })
    })
    await client.mutation(api.addTask, { text: 'first' })
    expect(texts).toEqual(['first'])
    await client.action(api.addTwice, { text: 'second' })
    await client.mutation(api.addTask, { text: 'third' })
    expect(texts).toEqual(['third', 'second again', 'second', 'first'])
    await client.close()
  })

  test('subscribers follow writes over HTTP', async () => {
    const token = await signUp(deployment, 'Ida')
    const reader = socketClient(token)
    const seen = waitForTasks(reader, 1)
    await httpClient(token).mutation(api.addTask, { text: 'http' })
    expect(await seen).toMatchObject([{ text: 'http' }])
    await reader.close()
  })

  test('failures arrive with their data, and the connection goes on', async () => {
    const client = socketClient()
    await expect(client.mutation(api.boom, {})).rejects.toThrow('Uncaught Error: no')
    await expect(client.query(api.currentUser, {})).rejects.toMatchObject({
      data: 'Unauthenticated',
    })
    expect(await client.query(api.variable, { name: 'NONE' })).toBe(null)
    await client.close()
  })

  test('a foreign token is refused, and the client told', async () => {
    const token = await foreignToken(deployment.siteUrl)
    const client = socketClient()
    const authenticated = await new Promise<boolean>((resolve) => {
      client.setAuth(() => Promise.resolve(token), resolve)
    })
    expect(authenticated).toBe(false)
    await client.close()
  })

  test('signing out ends what the connection may see', async () => {
    const client = socketClient(await signUp(deployment, 'Jan'))
    let signOut: () => void = () => {}
    const refused = new Promise<Error>((resolve) => {
      client.onUpdate(api.listTasks, {}, () => signOut(), resolve)
    })
    signOut = () => client.client.clearAuth()
    expect(await refused).toMatchObject({ data: 'Unauthenticated' })
    await client.close()
  })
})

describe('life', () => {
  test('a port in use is an error that names it', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const { appDir, remove } = await createApp()
    await expect(startDeployment({ appDir, port })).rejects.toThrow(`Port ${port} is in use`)
    await expect(startDeployment({ appDir, sitePort: port })).rejects.toThrow(
      `Port ${port} is in use`,
    )
    taken.close()
    await remove()
  })

  test('a module that cannot be imported is named', async () => {
    const { appDir, remove } = await createApp({
      'broken.ts': 'import "./nothing-here"',
    })
    await expect(startDeployment({ appDir, env })).rejects.toThrow(
      /broken\.ts can't be imported: .*nothing-here/,
    )
    await remove()
  })

  test('stop frees the ports and ends connections; twice is fine', async () => {
    const short = await deployApp()
    const client = new ConvexClient(short.url, { logger: false })
    await client.query(api.currentUser, {}).catch(() => {})
    await short.stop()
    await short.stop()
    await client.close()
    await expect(fetch(short.url)).rejects.toThrow()
    await expect(fetch(short.siteUrl)).rejects.toThrow()
  })

  test('by hand, it prints what an app and the CLI need, and ends on Ctrl-C', async () => {
    const { appDir, remove } = await createApp()
    const { stdout, exitCode, reachable } = await runByHand(appDir)
    expect(stdout).toMatch(/^VITE_CONVEX_URL=http:\/\/127\.0\.0\.1:\d+$/m)
    expect(stdout).toMatch(/^VITE_CONVEX_SITE_URL=http:\/\/127\.0\.0\.1:\d+$/m)
    expect(stdout).toMatch(/^CONVEX_SELF_HOSTED_URL=http:\/\/127\.0\.0\.1:\d+$/m)
    expect(stdout).toMatch(/^CONVEX_SELF_HOSTED_ADMIN_KEY=\w+$/m)
    expect({ exitCode, reachable }).toEqual({ exitCode: 0, reachable: true })
    await remove()
  })

  test('by hand, a missing argument is explained', async () => {
    const run = promisify(execFile)(process.execPath, byHand())
    await expect(run).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Usage: ') as string,
    })
  })
})

const byHand = (...args: string[]) => [
  '--import',
  'tsx',
  join(import.meta.dirname, '../../deployment/cli.ts'),
  ...args,
]

async function runByHand(appDir: string) {
  const child = execFile(process.execPath, byHand(appDir))
  let stdout = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (text: string) => reject(new Error(text)))
    child.stdout?.on('data', (text: string) => {
      stdout += text
      if (stdout.includes('Ctrl-C')) resolve()
    })
  })
  const url = /VITE_CONVEX_URL=(.*)/.exec(stdout)?.[1] ?? ''
  const reachable = (await fetch(`${url}/version`)).ok
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  return { stdout, reachable, exitCode: await exit }
}
