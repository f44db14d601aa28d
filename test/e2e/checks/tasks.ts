import { expect } from 'vitest'
import type { Suite } from '../suite.ts'
import { callConvex, createAccount, hydrated, signedIn } from '../support/people.ts'
import type { Site } from '../support/site.ts'
import type { Visit } from '../support/visit.ts'
import { load } from './guard.ts'

const FIRST_PAGE = { paginationOpts: { numItems: 50, cursor: null } }

/** The user's data: live, and nobody else's. */
export function taskChecks({ visit, check }: Suite): void {
  visit('a second tab follows live', secondTab)
  visit('what the server refuses is said', refusedTask)
  check("nobody sees another's tasks", othersAreUnseen)
  check("nobody changes another's tasks", othersAreUntouched)
  check('signed out, there is nothing', signedOut)
}

async function secondTab(visit: Visit): Promise<void> {
  const { page, context, step } = visit
  await signedIn(visit)
  const other = await context.newPage()
  await other.goto('/dashboard')
  await hydrated(other)
  await other.getByText('No tasks yet').waitFor()
  await step('add', async () => {
    await page.bringToFront()
    await page.getByLabel('New task').fill('Buy milk')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('checkbox', { name: 'Buy milk' }).waitFor()
    expect(await page.getByLabel('New task').inputValue()).toBe('')
    await other.getByRole('checkbox', { name: 'Buy milk' }).waitFor()
  })
  await step('do', async () => {
    await page.getByRole('checkbox', { name: 'Buy milk' }).check()
    await other.getByRole('checkbox', { checked: true }).waitFor()
  })
  await step('reload keeps it', async () => {
    await page.reload()
    await page.getByRole('checkbox', { checked: true }).waitFor()
  })
  await step('delete', async () => {
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Buy milk' })
      .getByRole('button', { name: 'Delete' })
      .click()
    await page.getByText('No tasks yet').waitFor()
    await other.getByText('No tasks yet').waitFor()
  })
}

async function refusedTask(visit: Visit): Promise<void> {
  const { page, step, expectMessage } = visit
  await signedIn(visit)
  // Convex's client reports what a mutation threw, in development.
  expectMessage(/^error: .*A task has 1 to 500 characters/s)
  await step('an empty one', async () => {
    await page.getByLabel('New task').fill('   ')
    await page.getByRole('button', { name: 'Add' }).click()
    const alert = page.getByRole('alert')
    expect(await alert.innerText()).toBe('A task has 1 to 500 characters.')
  })
}

async function othersAreUnseen(site: Site): Promise<void> {
  const { ada, bob } = await adaWithATask(site)
  const list = await callConvex(site, 'query', 'tasks:list', FIRST_PAGE, bob.token)
  expect(list).toMatchObject({ status: 'success', value: { page: [] } })
  const html = await (await load(site, '/dashboard', bob.cookie)).text()
  expect(html).toContain('No tasks yet')
  expect(html).not.toContain('secret plan')
  expect(html).not.toContain(ada.email)
}

async function othersAreUntouched(site: Site): Promise<void> {
  const { ada, bob, id } = await adaWithATask(site)
  for (const [path, args] of [
    ['tasks:setDone', { id, done: true }],
    ['tasks:remove', { id }],
  ] as const) {
    for (const token of [bob.token, undefined]) {
      const answer = await callConvex(site, 'mutation', path, args, token)
      expect(answer.status, path).toBe('error')
    }
    const answer = await callConvex(site, 'mutation', path, args, bob.token)
    expect(answer.errorData).toBe('There is no such task.')
  }
  const list = await callConvex(site, 'query', 'tasks:list', FIRST_PAGE, ada.token)
  expect(list.value).toMatchObject({ page: [{ text: 'A secret plan', done: false }] })
}

async function signedOut(site: Site): Promise<void> {
  const functions = [
    ['query', 'tasks:list', FIRST_PAGE],
    ['query', 'users:listSessions', {}],
    ['query', 'auth:getCurrentUser', {}],
    ['mutation', 'tasks:add', { text: 'x' }],
    ['mutation', 'users:updateUserPassword', { currentPassword: 'x', newPassword: 'y' }],
  ] as const
  for (const [kind, path, args] of functions) {
    const answer = await callConvex(site, kind, path, args)
    expect(answer, path).toMatchObject({
      status: 'error',
      errorData: 'Unauthenticated',
    })
  }
}

async function adaWithATask(site: Site) {
  const ada = await createAccount(site)
  const bob = await createAccount(site)
  const task = { text: 'A secret plan' }
  const added = await callConvex(site, 'mutation', 'tasks:add', task, ada.token)
  expect(added.status).toBe('success')
  return { ada, bob, id: added.value }
}
