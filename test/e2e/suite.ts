import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, inject, test } from 'vitest'
import { COMBINATIONS } from '../helpers/combinations.ts'
import type { Combination } from '../helpers/combinations.ts'
import { accountChecks } from './checks/account.ts'
import { answerChecks } from './checks/answers.ts'
import { formChecks } from './checks/forms.ts'
import { guardChecks } from './checks/guard.ts'
import { keyboardChecks } from './checks/keyboard.ts'
import { arrivalChecks, loadingChecks } from './checks/loading.ts'
import { pageChecks } from './checks/pages.ts'
import { redirectChecks } from './checks/redirects.ts'
import { safetyChecks } from './checks/safety.ts'
import { socialChecks } from './checks/social.ts'
import { taskChecks } from './checks/tasks.ts'
import { themeChecks } from './checks/theme.ts'
import { unreachableChecks } from './checks/unreachable.ts'
import { launchBrowser } from './support/browser.ts'
import { startSite, type Mode, type Site } from './support/site.ts'
import { withVisit, type Visit } from './support/visit.ts'

/** What the checks of one running app share. */
export interface Suite {
  readonly combination: Combination
  readonly mode: Mode
  readonly site: () => Site
  /** A test in a browser context of its own. */
  readonly visit: (
    title: string,
    act: (visit: Visit) => Promise<void>,
    options?: BrowserContextOptions,
  ) => void
  /** A test that needs no browser. */
  readonly check: (title: string, act: (site: Site) => Promise<void>) => void
}

/** Where the checks run that are the same for every combination: its two ends, and a dev server. */
const THOROUGH = ['plain, production', 'tailwind-github-google, production', 'plain, dev']

/** Declares every check of a combination. */
export function describeSite(name: string, mode: Mode): void {
  const combination = COMBINATIONS.find((one) => one.name === name)
  if (!combination) throw new Error(`There is no combination ${name}`)
  const title = `${name}, ${mode}`
  describe(title, () => {
    const suite = openSuite(combination, mode)
    guardChecks(suite)
    accountChecks(suite)
    taskChecks(suite)
    redirectChecks(suite)
    socialChecks(suite)
    loadingChecks(suite)
    pageChecks(suite)
    keyboardChecks(suite)
    if (THOROUGH.includes(title)) {
      arrivalChecks(suite)
      formChecks(suite)
      themeChecks(suite)
      answerChecks(suite)
      safetyChecks(suite)
    }
    // It stops the backend: nothing comes after it.
    unreachableChecks(suite)
  })
}

/** Starts the site and the browser before the tests of this `describe`, and ends them after. */
export function openSuite(combination: Combination, mode: Mode): Suite {
  let running: Site | undefined
  let browser: Browser | undefined
  const site = () => {
    if (running) return running
    throw new Error(`${combination.name} is not running`)
  }
  beforeAll(async () => {
    const workspace = inject('workspace')
    browser = await launchBrowser()
    running = await startSite({ workspace, combination, mode })
  }, 90_000)
  afterAll(async () => {
    await browser?.close()
    await running?.stop()
  })
  return {
    combination,
    mode,
    site,
    visit: (title, act, options) =>
      test(title, async () => {
        if (!browser) throw new Error('There is no browser')
        await withVisit(browser, site(), title, act, options)
      }),
    check: (title, act) =>
      test(title, async () => {
        const name = site().name
        await act(site()).catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error)
          throw new Error(`${name} · ${title}: ${reason}\n\n${site().log()}`, {
            cause: error,
          })
        })
      }),
  }
}
