import { expect } from 'vitest'
import { combinationNamed } from '../helpers/combinations.ts'
import { fillSignIn, REFUSED } from './checks/account.ts'
import { load } from './checks/guard.ts'
import { openSuite } from './suite.ts'
import {
  callConvex,
  createAccount,
  hydrated,
  newUser,
  postAuth,
  signedIn,
  threeAtATime,
} from './support/people.ts'
import type { Site } from './support/site.ts'
import type { Visit } from './support/visit.ts'
import { ON_BACKEND } from './support/workspace.ts'

// What takes many rows, or another variable of the deployment: once, on the smallest app.
const { visit, check } = openSuite({ ...combinationNamed('plain'), name: ON_BACKEND }, 'production')

visit('more than a hundred other sessions end', manySessions)
check('three hundred failures of one person lock nobody else out', manyFailures)
visit('more than two hundred tasks are all there, page by page, and live', manyTasks)
visit('a task has a page of its own, and a wrong address is not found', taskPage)
check('a preview is trusted, and what is too wide is not', previews)
visit('after another secret everyone signs in again', anotherSecret)

async function manySessions(visit: Visit): Promise<void> {
  const { page, site, step } = visit
  const user = await signedIn(visit, '/settings')
  const device = user.cookie.split('; ').filter((cookie) => cookie.includes('known_device'))
  const cookies: string[] = []
  const signIn = () => postAuth(site, 'sign-in/email', user, device.join())
  for (const { headers } of await threeAtATime(105, signIn)) {
    cookies.push(headers.getSetCookie().join('; '))
  }
  await step('this one is listed, with the newest of the others', async () => {
    await page.reload()
    await page.getByText('This device').waitFor()
    expect(await page.getByText('Signed in on').count()).toBe(99)
  })
  await step('all others end', async () => {
    await page.getByRole('button', { name: 'Sign out other devices' }).click()
    await page.getByText('Signed in on').first().waitFor({ state: 'detached' })
    for (const cookie of [cookies[0], cookies[99], cookies[104]]) {
      expect((await load(site, '/dashboard', cookie)).status).toBe(307)
    }
    await page.reload()
    await page.getByText('This device').waitFor()
  })
}

async function manyFailures(site: Site): Promise<void> {
  const bystander = await createAccount(site)
  const victim = await createAccount(site)
  const guess = (email: string) => postAuth(site, 'sign-in/email', { email, password: 'a guess' })
  const answers = await threeAtATime(289, () => guess(newUser().email))
  expect(answers.filter(({ status }) => status !== 401)).toEqual([])
  // Last: what they use up comes back, one each 90 seconds.
  for (let n = 1; n <= 12; n += 1) await guess(victim.email)
  const { email, password } = bystander
  expect((await postAuth(site, 'sign-in/email', { email, password })).status).toBe(200)
  expect((await postAuth(site, 'sign-up/email', newUser())).status).toBe(200)
  expect((await postAuth(site, 'sign-in/email', { ...victim })).status).toBe(429)
  const device = victim.cookie.split('; ').filter((cookie) => cookie.includes('known_device'))
  expect((await postAuth(site, 'sign-in/email', { ...victim }, device.join())).status).toBe(200)
}

async function manyTasks(visit: Visit): Promise<void> {
  const { page, context, site, step } = visit
  const { token, cookie } = await signedIn(visit)
  for (let n = 1; n <= 205; n += 1) {
    await callConvex(site, 'mutation', 'tasks:add', { text: `Task ${n}.` }, token)
  }
  await step('the server renders the first page', async () => {
    const html = await (await load(site, '/dashboard', cookie)).text()
    expect(html).toContain('Task 205.')
    expect(html).toContain('Load more')
    expect(html).not.toContain('Task 155.')
  })
  const more = page.getByRole('button', { name: 'Load more' })
  await step('and the others come when they are asked for', async () => {
    await page.reload()
    await hydrated(page)
    for (const shown of [100, 150, 200, 205]) {
      await more.click()
      await expect.poll(() => page.getByRole('checkbox').count()).toBe(shown)
    }
    expect(await more.count()).toBe(0)
  })
  await step('the last one is live', async () => {
    const other = await context.newPage()
    await other.goto('/dashboard')
    await hydrated(other)
    for (let n = 1; n <= 4; n += 1) {
      await other.getByRole('button', { name: 'Load more' }).click()
      await expect.poll(() => other.getByRole('checkbox').count()).toBeGreaterThan(n * 50)
    }
    await page.getByRole('checkbox', { name: 'Task 1.', exact: true }).check()
    await other.getByRole('checkbox', { checked: true }).waitFor()
  })
  await step('what comes and goes on a page leaves no gap, and shows nothing twice', async () => {
    for (const gone of ['Task 203.', 'Task 156.', 'Task 100.']) {
      const row = page.getByRole('listitem').filter({ hasText: gone })
      await row.getByRole('button', { name: 'Delete' }).click()
    }
    for (const text of ['Task 206.', 'Task 207.']) {
      await callConvex(site, 'mutation', 'tasks:add', { text }, token)
    }
    const left = Array.from({ length: 207 }, (_, index) => `Task ${207 - index}.`)
    for (const gone of [203, 156, 100]) left.splice(left.indexOf(`Task ${gone}.`), 1)
    await expect
      .poll(() => page.getByRole('listitem').locator('label').allInnerTexts())
      .toEqual(left)
  })
  await step('when all of a page are gone, the next ones come', async () => {
    await page.reload()
    // It is live once this one is there: until then no page has an end to keep.
    await callConvex(site, 'mutation', 'tasks:add', { text: 'Task 208.' }, token)
    await page.getByText('Task 208.').waitFor()
    const firstPage = { paginationOpts: { numItems: 51, cursor: null } }
    const { value } = await callConvex(site, 'query', 'tasks:list', firstPage, token)
    for (const { _id: id } of (value as { page: { _id: string }[] }).page) {
      await callConvex(site, 'mutation', 'tasks:remove', { id }, token)
    }
    await page.getByText('Task 155.').waitFor()
    expect(await page.getByText('No tasks yet').count()).toBe(0)
  })
}

async function taskPage(visit: Visit): Promise<void> {
  const { page, site, step, expectMessage } = visit
  expectMessage(/^error: Failed to load resource: the server responded with a status of 404 /)
  const ada = await signedIn(visit)
  const add = (token: string) =>
    callConvex(site, 'mutation', 'tasks:add', { text: 'Buy milk' }, token)
  const { value: id } = await add(ada.token)
  await step('from the list, and from the server', async () => {
    await page.getByRole('link', { name: 'Open' }).click()
    await page.waitForURL(`**/tasks/${String(id)}`)
    await page.getByRole('heading', { name: 'Task' }).waitFor()
    const response = await load(site, `/tasks/${String(id)}`, ada.cookie)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('Buy milk')
  })
  await step('not for another, and not at a mistyped address', async () => {
    const bob = await createAccount(site)
    const { value: foreign } = await add(bob.token)
    for (const wrong of [foreign, 'mistyped', `${String(id)}x`]) {
      const response = await load(site, `/tasks/${String(wrong)}`, ada.cookie)
      expect(response.status, String(wrong)).toBe(404)
      expect(await response.text()).toContain('Page not found')
    }
    expect((await load(site, `/tasks/${String(id)}`)).status).toBe(307)
  })
  await step('a reader sees that it is gone', async () => {
    await callConvex(site, 'mutation', 'tasks:remove', { id }, ada.token)
    await page.getByText('Page not found').waitFor()
  })
}

async function previews(site: Site): Promise<void> {
  const { email, password } = await createAccount(site)
  const signIn = (origin: string) => {
    const { protocol, host } = new URL(origin)
    return fetch(`${site.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: 'theme=dark',
        origin,
        'x-forwarded-host': host,
        'x-forwarded-proto': protocol.slice(0, -1),
      },
      body: JSON.stringify({ email, password, callbackURL: `${origin}/dashboard` }),
    })
  }
  const preview = 'https://pr-1-team.vercel.app'
  expect((await signIn(preview)).status).toBe(403)
  const value = 'https://*-team.vercel.app, *, https://*, https://*.com'
  await site.backend.setVariables([{ name: 'TRUSTED_ORIGINS', value }])
  const response = await signIn(preview)
  expect(response.status).toBe(200)
  for (const cookie of response.headers.getSetCookie()) expect(cookie).toContain('; Secure')
  const cookie = response.headers.getSetCookie().join('; ')
  expect((await load(site, '/dashboard', cookie)).status).toBe(200)
  expect((await signIn(site.url)).headers.getSetCookie().join()).not.toContain('; Secure')
  for (const evil of ['https://evil.com', 'https://team.vercel.app.evil.example']) {
    expect((await signIn(evil)).status, evil).toBe(403)
  }
  await site.backend.setVariables([{ name: 'TRUSTED_ORIGINS', value: null }])
}

async function anotherSecret(visit: Visit): Promise<void> {
  const { page, site, step, expectMessage } = visit
  expectMessage(REFUSED)
  const user = await signedIn(visit)
  await page.getByText('Hello').waitFor()
  const value = 'another-secret-of-the-deployment-0123456789'
  await site.backend.setVariables([{ name: 'BETTER_AUTH_SECRET', value }])
  await step('signed out', async () => {
    await page.goto('/dashboard')
    await page.waitForURL('**/sign-in?*')
  })
  await step('and in again, with no other step', async () => {
    await fillSignIn(page, user)
    await page.getByText('Hello').waitFor()
    await page.getByLabel('New task').fill('Buy milk')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('checkbox', { name: 'Buy milk' }).waitFor()
  })
  const keys = await fetch(`${site.backend.siteUrl}/api/auth/convex/jwks`)
  expect(keys.headers.get('cache-control')).toBe('public, max-age=60')
}
