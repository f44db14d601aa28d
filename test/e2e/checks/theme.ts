import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Suite } from '../suite.ts'
import { hydrated } from '../support/people.ts'
import type { Visit } from '../support/visit.ts'

/** Light and dark: by the system, or by choice. */
export function themeChecks({ visit }: Suite): void {
  visit('the theme: as the system says, until one is chosen', systemAndChoice)
  visit('without cookies, a chosen theme lasts until the page is left', withoutCookies)
  visit("a class of the owner's wins", ownClass)
}

/** A script of the page's head chooses it, which every server has to let through. */
export function flashCheck({ visit }: Suite): void {
  visit('a chosen theme does not flash', noFlash)
}

/** Whether the page's ground is dark: the look, not the class that makes it. */
const isDark = (page: Page) =>
  page.evaluate(`(() => {
    const canvas = document.createElement('canvas').getContext('2d')
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor
    canvas.fillRect(0, 0, 1, 1)
    return canvas.getImageData(0, 0, 1, 1).data[0] < 128
  })()`)

/** Wherever its stylesheet stands, and whatever the component says of the same. */
async function ownClass({ page }: Visit): Promise<void> {
  await page.goto('/sign-in')
  await hydrated(page)
  const paddings = await page.evaluate(`(() => {
    document.head.insertAdjacentHTML('afterbegin', '<style>.mine { padding-left: 77px }</style>')
    return ['button', 'input', 'card', 'header'].map((slot) => {
      const node = document.querySelector('[data-slot=' + slot + ']')
      node.classList.add('mine')
      return getComputedStyle(node).paddingLeft
    })
  })()`)
  expect(paddings).toEqual(['77px', '77px', '77px', '77px'])
}

const choose = (page: Page, theme: string) => page.getByLabel('Theme').selectOption(theme)

async function systemAndChoice({ page, step }: Visit): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto('/')
  await step('the system', async () => {
    await expect.poll(() => page.getByLabel('Theme').isEnabled()).toBe(true)
    expect(await isDark(page)).toBe(true)
    await page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(() => isDark(page)).toBe(false)
  })
  await step('a choice', async () => {
    await choose(page, 'Dark')
    expect(await isDark(page)).toBe(true)
    await page.goto('/sign-in')
    await hydrated(page)
    expect(await isDark(page)).toBe(true)
    expect(await page.getByLabel('Theme').inputValue()).toBe('dark')
  })
  await step('the system again', async () => {
    await choose(page, 'System')
    expect(await isDark(page)).toBe(false)
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(() => isDark(page)).toBe(true)
  })
}

const NO_COOKIES = {
  'the browser drops them': '',
  'the browser refuses them': "throw new DOMException('The operation is insecure.')",
}

async function withoutCookies({ page, step }: Visit): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  for (const [why, refusal] of Object.entries(NO_COOKIES)) {
    await page.addInitScript(`Object.defineProperty(document, 'cookie', {
      configurable: true,
      get() { ${refusal}; return '' },
      set() { ${refusal} },
    })`)
    await page.goto('/')
    const theme = () => page.evaluate('document.documentElement.className')
    await step(why, async () => {
      await choose(page, 'Dark')
      expect(await isDark(page)).toBe(true)
      await choose(page, 'System')
      expect(await theme()).toBe('light')
    })
  }
}

/** Notes every class of the document from the moment that there is a body to see. */
const RECORDER = `
window.themes = []
new MutationObserver(() => {
  const theme = document.documentElement.className
  if (document.body && window.themes.at(-1) !== theme) window.themes.push(theme)
}).observe(document, { subtree: true, childList: true, attributes: true })`

async function noFlash({ page, step }: Visit): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto('/')
  await choose(page, 'Dark')
  await page.addInitScript(RECORDER)
  await step('from the first sight on', async () => {
    await page.reload()
    await page.waitForLoadState('networkidle')
    expect(await page.evaluate('window.themes')).toEqual(['dark'])
    expect(await isDark(page)).toBe(true)
  })
}
