import { ConvexClient } from 'convex/browser'
import { makeFunctionReference } from 'convex/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startResend, RESEND_ORIGIN, type Resend } from '../../e2e/support/resend.ts'
import { deployApp, env, signUp } from './app.ts'

const HOUR = 60 * 60_000

const extra = {
  'later.ts': `
import { v } from 'convex/values'
import { internal, components } from './_generated/api'
import { internalMutation, mutation, query } from './_generated/server'
import { Resend } from '@convex-dev/resend'

export const plan = mutation({
  args: {},
  handler: async (ctx) => void (await ctx.scheduler.runAfter(${HOUR}, internal.later.add, {})),
})
export const add = internalMutation({
  args: {},
  handler: async (ctx) =>
    void (await ctx.db.insert('tasks', { userId: 'nobody', text: 'later', done: false })),
})
export const addNow = mutation({
  args: {},
  handler: async (ctx) =>
    void (await ctx.db.insert('tasks', { userId: 'nobody', text: 'now', done: false })),
})
export const count = query({
  args: {},
  handler: async (ctx) => (await ctx.db.query('tasks').collect()).length,
})
export const send = mutation({
  args: { to: v.string() },
  handler: async (ctx, { to }) => {
    const resend = new Resend(components.resend, { apiKey: 'the key', testMode: false })
    const mail = { from: 'The App <app@mail.example>', subject: 'Hello', text: 'A mail' }
    return await resend.sendEmail(ctx, { ...mail, to })
  },
})
`,
  'convex.config.ts': `import betterAuth from '@convex-dev/better-auth/convex.config'
import rateLimiter from '@convex-dev/rate-limiter/convex.config'
import resend from '@convex-dev/resend/convex.config'
import { defineApp } from 'convex/server'

const app = defineApp()
app.use(betterAuth)
app.use(rateLimiter)
app.use(resend)
export default app
`,
}

let deployment: Awaited<ReturnType<typeof deployApp>>
let resend: Resend
let client: ConvexClient

beforeAll(async () => {
  resend = await startResend({ apiKey: 'the key', domains: ['mail.example'] })
  deployment = await deployApp({ routes: { [RESEND_ORIGIN]: resend.url } }, extra)
  client = new ConvexClient(deployment.url, {
    webSocketConstructor: WebSocket as unknown as typeof globalThis.WebSocket,
  })
})
afterAll(async () => {
  await client?.close()
  await deployment?.stop()
  await resend?.close()
})

const mutation = (name: string) => makeFunctionReference<'mutation'>(`later:${name}`)

test('what is scheduled for an hour later runs when the clock is moved, and subscribers see it', async () => {
  let count: number | undefined
  client.onUpdate(makeFunctionReference<'query'>('later:count'), {}, (seen) => (count = seen))
  await client.mutation(mutation('plan'), {})
  await expect.poll(() => count).toBe(0)
  await deployment.setClock(HOUR)
  await expect.poll(() => count).toBe(1)
})

test('HTTP actions beside each other and beside mutations lose no write', async () => {
  const before = await client.query(makeFunctionReference<'query'>('later:count'), {})
  const names = Array.from({ length: 8 }, (_, n) => `Parallel${n}`)
  const [tokens] = await Promise.all([
    Promise.all(names.map((name) => signUp(deployment, name))),
    ...names.map(() => client.mutation(mutation('addNow'), {})),
  ])
  expect(new Set(tokens).size).toBe(8)
  const after = await client.query(makeFunctionReference<'query'>('later:count'), {})
  expect(Number(after) - Number(before)).toBe(8)
  for (const name of names) {
    const again = await fetch(`${deployment.siteUrl}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: env.SITE_URL },
      body: JSON.stringify({
        email: `${name.toLowerCase()}@example.com`,
        password: 'correct horse battery',
      }),
    })
    expect(again.status, name).toBe(200)
  }
})

test('a component that uses components sends a mail, tries again, and says why it gave up', async () => {
  let offset = HOUR
  const pass = (ms: number) => deployment.setClock((offset += ms))
  const until = (isSo: () => boolean) =>
    expect.poll(async () => (isSo() ? true : (await pass(1000), false))).toBe(true)
  resend.fail('down')
  await client.mutation(mutation('send'), { to: 'ada@example.com' })
  await until(() => resend.requests.length > 0)
  expect(resend.mails).toEqual([])
  resend.fail()
  await pass(60_000)
  await until(() => resend.mails.length > 0)
  expect(resend.mails).toMatchObject([
    { from: 'The App <app@mail.example>', to: ['ada@example.com'], text: 'A mail' },
  ])
  await client.mutation(mutation('send'), { to: 'not an address' })
  await until(() => deployment.logs.some((line) => line.includes('Invalid `to` field')))
  expect(resend.mails).toHaveLength(1)
})
