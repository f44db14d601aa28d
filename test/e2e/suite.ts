import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, inject, test } from 'vitest'
import { combinationNamed } from '../helpers/combinations.ts'
import type { Combination } from '../helpers/combinations.ts'
import { accountChecks, walkCheck } from './checks/account.ts'
import { answerChecks } from './checks/answers.ts'
import { formChecks } from './checks/forms.ts'
import { guardChecks } from './checks/guard.ts'
import { keyboardChecks } from './checks/keyboard.ts'
import { arrivalChecks, firstSightChecks, loadingChecks } from './checks/loading.ts'
import { lookChecks, pageChecks } from './checks/pages.ts'
import { redirectChecks } from './checks/redirects.ts'
import { headerCheck, safetyChecks, serverChecks } from './checks/safety.ts'
import { singleProviderChecks, socialChecks, thoroughSocialChecks } from './checks/social.ts'
import { taskChecks } from './checks/tasks.ts'
import { addressChecks } from './checks/email/addresses.ts'
import { emailLookChecks } from './checks/email/look.ts'
import { passwordChecks } from './checks/email/passwords.ts'
import { knownAddressChecks, secrecyChecks } from './checks/email/secrecy.ts'
import { sendingChecks } from './checks/email/sending.ts'
import { emailSocialChecks } from './checks/email/social.ts'
import { flashCheck, themeChecks } from './checks/theme.ts'
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

/** The smallest and the largest: what is the same for every combination is checked on these. */
const ENDS = ['plain', 'tailwind-github-google']

/** Declares the checks of a combination that can fail for a reason of its own. */
export function describeSite(name: string, mode: Mode): void {
  const combination = combinationNamed(name)
  describe(`${name}, ${mode}`, () => {
    const suite = openSuite(combination, mode)
    walkCheck(suite)
    socialChecks(suite)
    firstSightChecks(suite)
    headerCheck(suite)
    if (mode === 'dev') devChecks(suite)
    else if (ENDS.includes(name)) allChecks(suite)
    else middleChecks(suite)
  })
}

/** Its own pages, and one provider alone. */
function middleChecks(suite: Suite): void {
  lookChecks(suite)
  if (suite.combination.name === 'plain-github') singleProviderChecks(suite)
}

/** What Vite's server does itself; with Tailwind and providers, that is their own part alone. */
function devChecks(suite: Suite): void {
  if (suite.combination.name !== 'plain') return
  guardChecks(suite)
  loadingChecks(suite)
  flashCheck(suite)
  answerChecks(suite)
  serverChecks(suite)
  // It stops the backend: nothing comes after it.
  unreachableChecks(suite)
}

function allChecks(suite: Suite): void {
  guardChecks(suite)
  accountChecks(suite)
  taskChecks(suite)
  redirectChecks(suite)
  thoroughSocialChecks(suite)
  loadingChecks(suite)
  pageChecks(suite)
  keyboardChecks(suite)
  arrivalChecks(suite)
  formChecks(suite)
  flashCheck(suite)
  themeChecks(suite)
  answerChecks(suite)
  serverChecks(suite)
  safetyChecks(suite)
  // It stops the backend: nothing comes after it.
  unreachableChecks(suite)
}

/** E-mail, in the smallest app that has it, and in the largest. */
export function describeEmail(name: string): void {
  const combination = combinationNamed(name)
  describe(`${name}, production`, () => {
    const suite = openSuite(combination, 'production')
    addressChecks(suite)
    passwordChecks(suite)
    knownAddressChecks(suite)
    emailLookChecks(suite)
    if (combination.providers.length > 0) return emailSocialChecks(suite)
    secrecyChecks(suite)
    sendingChecks(suite)
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
  })
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
