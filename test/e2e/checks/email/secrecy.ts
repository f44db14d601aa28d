import { expect } from 'vitest'
import type { Suite } from '../../suite.ts'
import {
  createConfirmed,
  linksIn,
  mailsTo,
  mailTo,
  MINUTE,
  noMoreMails,
  pass,
} from '../../support/mails.ts'
import {
  callConvex,
  newUser,
  postAuth,
  threeAtATime,
  type Account,
  type User,
} from '../../support/people.ts'
import type { Site } from '../../support/site.ts'
import type { Visit } from '../../support/visit.ts'
import { fillSignUp } from '../account.ts'
import { REFUSALS, signIn } from './addresses.ts'

/** What somebody sees who signs up with another's address, and what the owner learns. */
export function knownAddressChecks({ visit }: Suite): void {
  visit('a sign-up with an address that has an account', knownAddress)
}

/** Nobody learns who has an account, and nobody's inbox is flooded. */
export function secrecyChecks({ check }: Suite): void {
  check('known or not, the answers are the same', sameAnswers)
  check('known or not, a sign-in asks the database as often', sameQueries)
  check('known or not, an answer about an address is silent for as long', silence)
  check('known or not, an answer to a password takes the same time', sameTime)
  check('ten forms at once are three mails', tenAtOnce)
  check('addresses of every kind', addresses)
}

async function knownAddress(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  visit.expectMessage(REFUSALS)
  const owner = await createConfirmed(site)
  const words: string[] = []
  await step('leads to the same page, with the same words', async () => {
    for (const { email } of [newUser(), owner]) {
      await page.goto('/sign-up')
      await fillSignUp(page, { name: 'Mallory', email, password: 'the password of Mallory' })
      await page.getByRole('heading', { name: 'Check your inbox' }).waitFor()
      await page.getByText(email).waitFor()
      words.push((await page.locator('main').innerText()).replaceAll(email, ''))
    }
    expect(words[1]).toBe(words[0])
  })
  await step('the owner is told, with the ways in', async () => {
    const mail = await mailTo(site, owner.email, /^You have an account/)
    expect(linksIn(mail)).toEqual([`${site.url}/sign-in`, `${site.url}/forgot-password`])
    expect(mail.text + mail.html).not.toContain('Mallory')
  })
  await step('and their account is as it was', async () => {
    expect((await signIn(site, owner)).status).toBe(200)
    const password = 'the password of Mallory'
    expect((await signIn(site, { email: owner.email, password })).status).toBe(401)
  })
}

/** All that differs for a reason of its own: time, and where the connection is kept. */
const TELLS_NOTHING = ['date', 'connection', 'keep-alive']

async function describeAnswer(response: Response) {
  const headers = [...response.headers].filter(([name]) => !TELLS_NOTHING.includes(name))
  return {
    status: response.status,
    headers: headers.map(([name, value]) => [name, value.replace(/'nonce-[^']+'/, "'nonce'")]),
    body: (await response.text()).replaceAll(/[\w.+-]+@example\.com/g, 'ADDRESS'),
  }
}

async function sameAnswers(site: Site): Promise<void> {
  const known = await createConfirmed(site)
  const unconfirmed = newUser()
  await postAuth(site, 'sign-up/email', unconfirmed)
  const nobody = newUser()
  for (const [path, extra] of [
    ['request-password-reset', {}],
    ['send-verification-email', {}],
    ['sign-up/email', { name: 'Ada', password: 'some good password' }],
  ] as const) {
    const answers = []
    for (const { email } of [known, unconfirmed, nobody]) {
      answers.push(await describeAnswer(await postAuth(site, path, { email, ...extra })))
    }
    expect(answers[0]?.status, path).toBe(200)
    expect(answers[1], path).toEqual(answers[0])
    expect(answers[2], path).toEqual(answers[0])
  }
}

/** One query more is too little to be seen by time on a busy machine. */
async function sameQueries(site: Site): Promise<void> {
  const known = await createConfirmed(site)
  const unconfirmed = newUser()
  await postAuth(site, 'sign-up/email', unconfirmed)
  const counts: number[] = []
  for (const { email } of [known, unconfirmed, newUser()]) {
    const before = await site.backend.countCalls()
    expect((await signIn(site, { email, password: 'a wrong password' })).status).toBe(401)
    counts.push((await site.backend.countCalls()) - before)
  }
  expect(counts).toEqual([counts[0], counts[0], counts[0]])
  expect(counts[0]).toBeGreaterThan(0)
}

/**
 * What answers about an address alone, and for how long it is silent at least. An answer that is
 * ready sooner waits, so nothing but what takes longer than that could be told from its time.
 */
const SILENT_MS = {
  'sign-up/email': 1500,
  'send-verification-email': 1000,
  'request-password-reset': 500,
}

/** Convex's database is not beside its HTTP actions: each query or mutation is late by so much. */
const LATENCY_MS = 40

async function silence(site: Site): Promise<void> {
  const known = await createConfirmed(site)
  const unconfirmed = newUser()
  await postAuth(site, 'sign-up/email', unconfirmed)
  for (const [path, silentMs] of Object.entries(SILENT_MS)) {
    const times = [known, unconfirmed, undefined].map((user) => ({ user, ms: Infinity }))
    // What is told apart for a reason stays so, however often it is asked.
    for (let round = 1; round <= 5; round += 1) {
      // Nobody has had a mail lately.
      await pass(site, 15 * MINUTE)
      for (const kind of times) {
        const before = await site.backend.countCalls()
        kind.ms = Math.min(kind.ms, await quickestAnswer(site, path, kind.user))
        const calls = ((await site.backend.countCalls()) - before) / TRIES_SILENT
        expect(calls * LATENCY_MS, `${path}: waits for the database`).toBeLessThan(silentMs)
      }
      if (spreadOf(times) < 200) break
    }
    expect(Math.min(...times.map(({ ms }) => ms)), `${path}: the quickest`).toBeGreaterThan(
      silentMs - 10,
    )
    expect(spreadOf(times), `${path}: tells them apart`).toBeLessThan(200)
  }
}

/** How far the quickest answers of the kinds are apart, in milliseconds. */
function spreadOf(times: readonly { readonly ms: number }[]): number {
  const all = times.map(({ ms }) => ms)
  return Math.max(...all) - Math.min(...all)
}

/** As many as an address may ask for at once. */
const TRIES_SILENT = 3

/** In milliseconds. A busy machine makes an answer late, none makes it early. */
async function quickestAnswer(site: Site, path: string, user?: User): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < TRIES_SILENT; n += 1) {
    const { name, email } = user ?? newUser()
    const start = performance.now()
    const answer = await postAuth(site, path, { name, email, password: 'some good password' })
    times.push(performance.now() - start)
    expect(answer.status, path).toBe(200)
  }
  return Math.min(...times)
}

/** Of each kind. */
const TRIES = 25

/**
 * How often an answer about an account may be slower than one about none: a half, if they are
 * alike, and beyond these bounds once in a hundred thousand runs (the Mann-Whitney test, 4.4
 * standard deviations of sqrt(51 / 7500)). By how much is not asked: a busy machine slows both.
 */
const ALIKE = { least: 0.135, most: 0.865 }

/** Makes a request ready, to be sent when its time is taken. */
type Prepare = (n: number) => Promise<() => Promise<unknown>>

interface Contest {
  readonly what: string
  readonly known: Prepare
  readonly unknown: Prepare
}

/** Who gives a password is answered as soon as it is hashed: an account or none, once. */
async function sameTime(site: Site): Promise<void> {
  const confirmed = await threeAtATime(17, () => createConfirmed(site))
  const waiting = upTo(9).map(() => newUser())
  await threeAtATime(waiting.length, (n) => postAuth(site, 'sign-up/email', pick(waiting, n)))
  try {
    for (const { what, known, unknown } of contests(site, confirmed, waiting)) {
      // Nobody has had a mail lately.
      await pass(site, 15 * MINUTE)
      await site.backend.setLatency(LATENCY_MS)
      const share = await shareOfSlower(known, unknown)
      expect(share, `${what}: how often a known address was slower`).toBeGreaterThan(ALIKE.least)
      expect(share, `${what}: how often a known address was slower`).toBeLessThan(ALIKE.most)
    }
  } finally {
    await site.backend.setLatency(0)
  }
}

function contests(
  site: Site,
  confirmed: readonly Account[],
  waiting: readonly User[],
): readonly Contest[] {
  const all = waiting.flatMap((user, n) => [user, pick(confirmed, n)])
  const attempt = (email: string) =>
    Promise.resolve(async () => {
      expect((await signIn(site, { email, password: 'a wrong password' })).status).toBe(401)
    })
  const change = (n: number, newEmail: string) => changeEmail(site, pick(confirmed, n), newEmail)
  return [
    {
      what: 'sign-in/email',
      known: (n) => attempt(pick(all, n).email),
      unknown: () => attempt(newUser().email),
    },
    {
      what: 'emailAddress:change',
      known: (n) => change(2 * n, pick(waiting, n).email),
      unknown: (n) => change(2 * n + 1, newUser().email),
    },
  ]
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)

/** The nth, and after the last one the first again. */
function pick<T>(all: readonly T[], n: number): T {
  const found = all[n % all.length]
  if (found !== undefined) return found
  throw new Error('There is none')
}

/** Nobody waits for the token while the time is taken. */
async function changeEmail(site: Site, { password, cookie }: Account, newEmail: string) {
  const answer = await fetch(`${site.url}/api/auth/convex/token`, { headers: { cookie } })
  const { token } = (await answer.json()) as { token: string }
  const fields = { newEmail, password }
  return async () => {
    const { value } = await callConvex(site, 'mutation', 'emailAddress:change', fields, token)
    expect(value).toBeNull()
  }
}

/** One after the other, and each kind as often the first of two. */
async function shareOfSlower(known: Prepare, unknown: Prepare): Promise<number> {
  const times: [known: number[], unknown: number[]] = [[], []]
  for (let n = 0; n < TRIES; n += 1) {
    const turns = [[times[0], await known(n)] as const, [times[1], await unknown(n)] as const]
    for (const [list, ask] of n % 2 === 0 ? turns : turns.toReversed()) {
      const start = performance.now()
      await ask()
      list.push(performance.now() - start)
    }
  }
  const [ones, others] = times
  const slower = ones.map((one) => others.filter((other) => other < one).length)
  return slower.reduce((sum, count) => sum + count, 0) / (ones.length * others.length)
}

async function tenAtOnce(site: Site): Promise<void> {
  const { email } = await createConfirmed(site)
  const user = newUser()
  for (const [path, body, subject] of [
    ['request-password-reset', { email }, /new password/],
    ['sign-up/email', user, /^Confirm/],
  ] as const) {
    const ten = Array.from({ length: 10 }, () => postAuth(site, path, body))
    const statuses = (await Promise.all(ten)).map(({ status }) => status).sort()
    const expected = [...Array<number>(3).fill(200), ...Array<number>(7).fill(429)]
    expect(statuses, path).toEqual(expected)
    await noMoreMails(site)
    expect(mailsTo(site, body.email, subject).length, path).toBeLessThanOrEqual(3)
    expect(mailsTo(site, body.email, subject).length, path).toBeGreaterThan(0)
  }
}

async function addresses(site: Site): Promise<void> {
  const id = crypto.randomUUID()
  const domain = `${'d'.repeat(60)}.`.repeat(3)
  const longest = `${'a'.repeat(64)}@${domain}`.padEnd(254 - 4, 'x') + '.com'
  expect(longest).toHaveLength(254)
  const signUp = (email: string) => postAuth(site, 'sign-up/email', { ...newUser(), email })
  for (const email of [`Some.One+Tag-${id}@Example.com`, longest]) {
    expect((await signUp(email)).status, email).toBe(200)
    expect((await mailTo(site, email)).to).toEqual([email.toLowerCase()])
  }
  const refused = [
    `x${longest}`,
    `line\n${id}@example.com`,
    `${id}@example.com\r\nBcc: all@example.com`,
    `${id}@example.com, other@example.com`,
    `A <${id}@example.com>`,
    `jörg-${id}@example.com`,
    `${id}@exämple.com`,
    `${id}@example`,
    '',
  ]
  const bystander = newUser()
  await postAuth(site, 'sign-up/email', bystander)
  for (const email of refused) {
    expect((await signUp(email)).status, JSON.stringify(email)).toBe(400)
    const reset = await postAuth(site, 'request-password-reset', { email })
    expect(reset.status, JSON.stringify(email)).toBeLessThan(500)
  }
  // Resend refuses a batch for one address: nobody's mail may be lost by another's.
  await mailTo(site, bystander.email, /^Confirm/)
}
