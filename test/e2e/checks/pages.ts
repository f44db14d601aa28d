import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import type { AxeResults } from 'axe-core'
import { expect } from 'vitest'
import type { Suite } from '../suite.ts'
import { artifact } from '../support/artifacts.ts'
import { signedIn } from '../support/people.ts'
import type { Visit } from '../support/visit.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const WIDTHS = [320, 390, 1280]

/** How every page looks, and whether everyone can use it. */
export function pageChecks({ visit }: Suite): void {
  visit('the public pages: axe and pictures', async (visit) => {
    visit.expectMessage(NOT_FOUND)
    await look(visit, '/', 'home')
    await look(visit, '/sign-in', 'sign-in')
    await look(visit, '/sign-up', 'sign-up')
    await look(visit, '/no/such/page', 'not-found')
  })
  visit('a public page has the way in', wayIn)
  visit("a user's pages: axe and pictures", async (visit) => {
    await signedIn(visit)
    await addTasks(visit.page)
    await look(visit, '/', 'home-signed-in')
    await look(visit, '/dashboard', 'dashboard')
    await look(visit, '/settings', 'settings')
  })
  visit('what is refused: axe and pictures', async (visit) => {
    await signedIn(visit, '/settings')
    await refusal(visit)
  })
}

/** The pages that another look or other providers change. */
export function lookChecks({ visit }: Suite): void {
  visit('the pages of this combination: axe and pictures', async (visit) => {
    await look(visit, '/sign-in', 'sign-in')
    await look(visit, '/sign-up', 'sign-up')
    await signedIn(visit, '/settings')
    await look(visit, '/settings', 'settings')
  })
}

async function wayIn({ page, step, expectMessage }: Visit): Promise<void> {
  expectMessage(NOT_FOUND)
  const link = page.getByRole('banner').getByRole('link', { name: 'Sign in' })
  for (const path of ['/', '/no/such/page']) {
    await step(`from ${path}`, async () => {
      await page.goto(path)
      await link.click()
      await page.waitForURL('**/sign-in')
    })
    await step('a form does not lead to itself', async () => {
      await page.getByRole('button', { name: 'Sign in' }).waitFor()
      expect(await link.count()).toBe(0)
    })
  }
}

const NOT_FOUND =
  /^error: Failed to load resource: the server responded with a status of 404 \((?:Not Found)?\) \(\S+\/no\/such\/page\)$/

async function addTasks(page: Page): Promise<void> {
  for (const text of ['Call Bob', 'Write the report', 'Buy milk']) {
    await page.getByLabel('New task').fill(text)
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('checkbox', { name: text }).waitFor()
  }
  await page.getByRole('checkbox', { name: 'Call Bob' }).check()
}

async function refusal(visit: Visit): Promise<void> {
  const { page } = visit
  await page.getByLabel('Current password').fill('not the password')
  await page.getByLabel('New password').fill('a brand new password')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByRole('alert').waitFor()
  await lookAround(visit, 'settings-refused')
}

/** Axe and a picture of a page in every look. */
export async function look(visit: Visit, path: string, name: string): Promise<void> {
  await visit.page.goto(path)
  await visit.page.waitForLoadState('networkidle')
  await lookAround(visit, name)
}

/** Light and dark, narrow and wide. */
async function lookAround(visit: Visit, name: string): Promise<void> {
  const { page, site, step } = visit
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 })
      await step(`${name}, ${colorScheme}, ${width} px`, async () => {
        await transitionsEnd(page)
        await fits(page)
        const file = `${name}-${colorScheme}-${width}.png`
        const path = artifact('screenshots', site.name, file)
        // Hiding the caret would change fields that React has yet to hydrate.
        await page.screenshot({ path, fullPage: true, caret: 'initial' })
      })
    }
    await step(`${name}, ${colorScheme}, axe`, () => accessible(page))
  }
}

const transitionsEnd = (page: Page) =>
  page.evaluate('Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {})))')

/** No page scrolls sideways. */
export async function fits(page: Page): Promise<void> {
  const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  expect(overflow).toBeLessThanOrEqual(0)
}

/** Holds the page to WCAG 2.2 AA, as far as a program can tell. */
export async function accessible(page: Page): Promise<void> {
  await page.evaluate(`window.axe ?? (0, eval)(${JSON.stringify(axe)}), 0`)
  const options = JSON.stringify({ runOnly: WCAG, resultTypes: ['violations'] })
  const { violations, passes } = (await page.evaluate(
    `axe.run(document, ${options})`,
  )) as AxeResults
  expect(passes.length).toBeGreaterThan(5)
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([])
}
