import { expect } from 'vitest'
import type { BrowserContext } from 'playwright-core'
import type { Suite } from '../suite.ts'
import { ownDeployment } from '../support/backend.ts'
import { newUser } from '../support/people.ts'
import type { Person } from '../support/provider.ts'
import { REGISTRATION, registrationEnv, type Site } from '../support/site.ts'
import type { Visit } from '../support/visit.ts'

/** What Better Auth is known to ask a provider for. */
const ASKED = {
  github: {
    title: 'GitHub',
    page: 'https://github.com/login/oauth/authorize',
    scopes: ['read:user', 'user:email'],
  },
  google: {
    title: 'Google',
    page: 'https://accounts.google.com/o/oauth2/v2/auth',
    scopes: ['email', 'openid', 'profile'],
  },
} as const

type ProviderName = keyof typeof ASKED

/** Sign-in with the provider of the test, in the place of GitHub and Google. */
export function socialChecks(suite: Suite): void {
  const chosen = suite.combination.providers as readonly ProviderName[]
  offers(suite, chosen)
  for (const name of chosen) {
    leavesForProvider(suite, name)
    // Convex's own backend can't be told where the test's provider is.
    if (ownDeployment) roundTrips(suite, name)
    withoutVariables(suite, name)
  }
}

function offers({ visit }: Suite, chosen: readonly string[]): void {
  visit('exactly the chosen providers are offered', async ({ page, step }) => {
    for (const path of ['/sign-in', '/sign-up']) {
      await step(path, async () => {
        await page.goto(path)
        await page.getByLabel('Email').waitFor()
        const buttons = page.getByRole('button', { name: 'Continue with' })
        expect(await buttons.allInnerTexts()).toEqual(
          chosen.map((name) => `Continue with ${ASKED[name as ProviderName].title}`),
        )
      })
    }
  })
}

function leavesForProvider({ visit }: Suite, name: ProviderName): void {
  const { title, page: address, scopes } = ASKED[name]
  visit(`${title}: leaves with the right request`, async (visit) => {
    const { page, site, context, step } = visit
    await stayOffTheNet(context, site)
    await page.goto('/sign-up?redirect=/settings')
    await step('the button leaves', async () => {
      await continueWith(visit, name)
      await page.waitForURL(`${address}?*`)
    })
    const url = new URL(page.url())
    const asked = Object.fromEntries(url.searchParams)
    expect(asked).toMatchObject({
      response_type: 'code',
      client_id: REGISTRATION.clientId,
      redirect_uri: `${site.url}/api/auth/callback/${name}`,
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{16,}$/),
    })
    expect(asked['scope']?.split(' ').toSorted()).toEqual(scopes)
    expect(url.href).not.toContain(encodeURIComponent(REGISTRATION.clientSecret))
  })
}

function roundTrips({ visit }: Suite, name: ProviderName): void {
  const { title } = ASKED[name]
  visit(`${title}: a new user, and the same one again`, async (visit) => {
    const person = newPerson(visit.site)
    const { page, step, context } = visit
    await stayOffTheNet(context, visit.site)
    await step('a new user comes back to the page', async () => {
      await page.goto('/sign-up?redirect=/settings')
      await continueWith(visit, name)
      await page.getByRole('link', { name: 'Authorize' }).click()
      await page.waitForURL(`${visit.site.url}/settings`)
    })
    await step('under the name that they have there', async () => {
      await page.getByRole('link', { name: 'Dashboard' }).click()
      await page.getByText(`Hello, ${person.name}`).waitFor()
      await page.getByText(person.email).waitFor()
      await page.getByLabel('New task').fill('Come back')
      await page.getByRole('button', { name: 'Add' }).click()
      await page.getByRole('checkbox', { name: 'Come back' }).waitFor()
    })
    await step('a returning user finds their tasks', async () => {
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.waitForURL('**/sign-in?*')
      await continueWith(visit, name)
      await page.getByRole('link', { name: 'Authorize' }).click()
      await page.getByRole('checkbox', { name: 'Come back' }).waitFor()
    })
  })

  visit(`${title}: consent denied`, async (visit) => {
    newPerson(visit.site)
    const { page, step, context } = visit
    await stayOffTheNet(context, visit.site)
    await page.goto('/sign-in?redirect=/settings')
    await continueWith(visit, name)
    await page.getByRole('link', { name: 'Cancel' }).click()
    await step('back at the form, which says so', async () => {
      await page.getByText('The sign-in was cancelled').waitFor()
      await signedOutAt(visit, '/sign-in')
    })
    await step('and still knows where to go', async () => {
      const { searchParams } = new URL(page.url())
      expect(searchParams.get('redirect')).toBe('/settings')
    })
  })

  visit(`${title}: an answer with a wrong state`, async (visit) => {
    newPerson(visit.site)
    const { page, step, context } = visit
    await stayOffTheNet(context, visit.site)
    await page.goto('/sign-in')
    await continueWith(visit, name)
    const link = page.getByRole('link', { name: 'Authorize' })
    const answer = new URL((await link.getAttribute('href')) ?? '')
    answer.searchParams.set('state', 'somebody-elses-state')
    await step('is refused', async () => {
      await page.goto(answer.href)
      await page.getByRole('alert').getByText('did not work').waitFor()
      await signedOutAt(visit, '/sign-in')
    })
  })
}

function withoutVariables({ visit }: Suite, name: ProviderName): void {
  const { title } = ASKED[name]
  visit(`${title}: off without its variables`, async (visit) => {
    const { page, site, step, expectMessage } = visit
    expectMessage(
      /^error: Failed to load resource: the server responded with a status of 404 \((?:Not Found)?\) \(\S+\/api\/auth\/sign-in\/social\)$/,
    )
    const off = Object.keys(registrationEnv(name)).map((variable) => ({
      name: variable,
      value: null,
    }))
    await site.backend.setVariables(off)
    try {
      await page.goto('/sign-in')
      await step('the button says so', async () => {
        await continueWith(visit, name)
        const alert = page.getByRole('alert')
        expect(await alert.innerText()).toMatch(`${title} is not set up yet`)
        await signedOutAt(visit, '/sign-in')
      })
    } finally {
      const on = Object.entries(registrationEnv(name))
      await site.backend.setVariables(on.map(([variable, value]) => ({ name: variable, value })))
    }
  })
}

const continueWith = ({ page }: Visit, name: ProviderName) =>
  page.getByRole('button', { name: `Continue with ${ASKED[name].title}` }).click()

async function signedOutAt({ page }: Visit, path: string): Promise<void> {
  expect(new URL(page.url()).pathname).toBe(path)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
}

let people = 1000
/** Signs somebody new in at the provider. */
function newPerson({ provider }: Site): Person {
  const { email } = newUser('Katherine Johnson')
  provider.person = {
    id: String((people += 1)),
    name: 'Katherine Johnson',
    email,
  }
  return provider.person
}

/** What the browser asks of GitHub and Google, the test's provider answers. */
async function stayOffTheNet(context: BrowserContext, { provider }: Site): Promise<void> {
  await context.route(/^https:\/\//, async (route) => {
    const { pathname, search } = new URL(route.request().url())
    const response = await fetch(provider.url + pathname + search)
    await route.fulfill({
      status: response.status,
      contentType: response.headers.get('content-type') ?? 'text/plain',
      body: await response.text(),
    })
  })
}
