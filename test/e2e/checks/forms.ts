import { expect } from 'vitest'
import type { Suite } from '../suite.ts'
import {
  createAccount,
  hydrated,
  newUser,
  postAuth,
  signedIn,
  useAccount,
} from '../support/people.ts'
import type { Visit } from '../support/visit.ts'
import { alertOf, expectErrorAt, fillSignUp, REFUSED, TOO_LONG } from './account.ts'
import { fits } from './pages.ts'

/** Forms that are filled in badly, twice, or without scripts. */
export function formChecks({ visit }: Suite): void {
  visit('an error stands under its field', fieldErrors)
  visit('a taken address is said at the address', takenAddress)
  visit('a double click does a thing once', doubleClicks)
  visit('a new task shows at once, and goes when it is refused', optimisticTask)
  visit('long, right-to-left and emoji text fits', oddText)
  visit('without JavaScript', withoutScripts, { javaScriptEnabled: false })
}

async function fieldErrors({ page, step, expectMessage }: Visit): Promise<void> {
  expectMessage(REFUSED)
  await page.goto('/sign-up')
  await hydrated(page)
  const submit = () => page.getByRole('button', { name: 'Create account' }).click()
  for (const [label, text] of [
    ['Name', 'Ada Lovelace'],
    ['Email', 'ada@example.com'],
    ['Password', 'correct horse battery'],
  ] as const) {
    await step(`without ${label}`, async () => {
      await submit()
      await expectErrorAt(page, page.getByLabel(label))
      await page.getByLabel(label).fill(text)
      expect(await page.getByRole('alert').count()).toBe(0)
    })
  }
  await step('a password that is too long', async () => {
    await page.getByLabel('Password').fill(TOO_LONG)
    await submit()
    expect(await alertOf(page)).toBe('Password too long')
    await expectErrorAt(page, page.getByLabel('Password'))
  })
  await step('not an address', async () => {
    await page.getByLabel('Email').fill('nonsense')
    await submit()
    await expectErrorAt(page, page.getByLabel('Email'))
  })
}

async function takenAddress({ page, site, step, expectMessage }: Visit): Promise<void> {
  const user = newUser()
  await postAuth(site, 'sign-up/email', user)
  expectMessage(/^error: Failed to load resource: .* status of 422 /)
  await page.goto('/sign-up')
  await step('sign up', async () => {
    await fillSignUp(page, user)
    expect(await alertOf(page)).toMatch(/already exists/)
    await expectErrorAt(page, page.getByLabel('Email'))
  })
}

async function doubleClicks(visit: Visit): Promise<void> {
  const { page, step } = visit
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(new URL(request.url()).pathname)
  })
  await step('create account', async () => {
    await page.goto('/sign-up')
    const user = newUser()
    await page.getByLabel('Name').fill(user.name)
    await page.getByLabel('Email').fill(user.email)
    await page.getByLabel('Password').fill(user.password)
    await page.getByRole('button', { name: 'Create account' }).dblclick()
    await page.waitForURL('**/dashboard')
    expect(sent.filter((path) => path.endsWith('/sign-up/email'))).toHaveLength(1)
  })
  const boxes = page.getByRole('checkbox')
  await step('add', async () => {
    for (const [index, text] of ['One', 'Two', 'Three'].entries()) {
      await page.getByLabel('New task').fill(text)
      await page.getByRole('button', { name: 'Add' }).dblclick()
      await page.getByRole('checkbox', { name: text, disabled: false }).waitFor()
      expect(await boxes.count()).toBe(index + 1)
    }
  })
  await step('delete', async () => {
    const { x = 0, y = 0 } =
      (await page.getByRole('button', { name: 'Delete' }).first().boundingBox()) ?? {}
    await page.mouse.dblclick(x + 10, y + 10)
    await page.getByText('Three').waitFor({ state: 'detached' })
    await page.reload()
    await page.getByText('Two').waitFor()
    expect(await boxes.count()).toBe(2)
  })
}

async function optimisticTask(visit: Visit): Promise<void> {
  const { page, step, expectMessage } = visit
  expectMessage(/^error: .*A task has 1 to 500 characters/s)
  // Between the page and Convex, mutations wait for `release`.
  let release = () => {}
  let released = Promise.resolve()
  const hold = () => void (released = new Promise<void>((resolve) => (release = resolve)))
  await page.routeWebSocket(/\/sync$/, (socket) => {
    const server = socket.connectToServer()
    socket.onMessage(async (message) => {
      if (String(message).includes('"type":"Mutation"')) await released
      server.send(message)
    })
  })
  await signedIn(visit)
  const field = page.getByLabel('New task')
  const add = async (text: string) => {
    hold()
    await field.fill(text)
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('checkbox', { disabled: true }).waitFor()
    expect(await field.inputValue()).toBe('')
  }
  await step('refused: it goes, and its text comes back', async () => {
    await add('   ')
    release()
    await page.getByRole('alert').waitFor()
    await page.getByRole('checkbox').waitFor({ state: 'detached' })
    expect(await field.inputValue()).toBe('   ')
    await expectErrorAt(page, field)
  })
  await step('accepted: it stays', async () => {
    await add('Buy milk')
    release()
    await page.getByRole('checkbox', { name: 'Buy milk', disabled: false }).waitFor()
  })
}

async function oddText(visit: Visit): Promise<void> {
  const { page, context, site, step } = visit
  // As long as the server takes: 255 UTF-16 units.
  const name = `${'🦄'.repeat(20)} ${'x'.repeat(214)}`
  await useAccount(context, site, await createAccount(site, { ...newUser(), name }))
  await page.goto('/dashboard')
  await hydrated(page)
  for (const text of ['W'.repeat(500), 'שלום עולם!', '👩‍👩‍👧‍👦 family']) {
    await page.getByLabel('New task').fill(text)
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('checkbox', { name: text, disabled: false }).waitFor()
  }
  for (const width of [320, 1280]) {
    await step(`${width} px`, async () => {
      await page.setViewportSize({ width, height: 800 })
      await fits(page)
      const heading = await page.getByRole('heading', { level: 1 }).boundingBox()
      expect(heading?.height).toBeLessThan(100)
    })
  }
  const direction = await page
    .getByText('שלום')
    .evaluate((node) => node.ownerDocument.defaultView?.getComputedStyle(node).direction)
  expect(direction).toBe('rtl')
}

async function withoutScripts({ page, context, site, step }: Visit): Promise<void> {
  await step('the home page reads', async () => {
    await page.goto('/')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
  })
  await step('the form says what it needs', async () => {
    // Playwright's own words for elements look into no <noscript>.
    const notice = page.locator('noscript > [role=alert]')
    expect(await notice.innerText()).toMatch(/needs JavaScript/)
    expect(await notice.isVisible()).toBe(true)
    expect(await page.getByRole('button', { name: 'Sign in', exact: true }).isDisabled()).toBe(true)
  })
  await step('a protected page is guarded', async () => {
    await page.goto('/dashboard')
    expect(new URL(page.url()).pathname).toBe('/sign-in')
  })
  await step('and shown to its user', async () => {
    const account = await createAccount(site)
    await useAccount(context, site, account)
    await page.goto('/dashboard')
    await page.getByText(`Hello, ${account.name}`).waitFor()
  })
}
