import { expect } from 'vitest'
import type { BrowserContext } from 'playwright-core'
import type { Suite } from '../suite.ts'
import { expectErrorAt, fillSignIn, TOO_LONG } from './account.ts'
import { ODD } from './redirects.ts'
import { ownDeployment } from '../support/backend.ts'
import { launchBrowser } from '../support/browser.ts'
import { callConvex, createAccount, newUser, postAuth, signedIn } from '../support/people.ts'
import type { Person } from '../support/provider.ts'
import { REGISTRATION, registrationEnv, type Site } from '../support/site.ts'
import { withVisit, type Visit } from '../support/visit.ts'

/** What Better Auth is known to ask a provider for. */
const ASKED = {
  github: {
    title: 'GitHub',
    avatar: 'https://avatars.githubusercontent.com/avatar.svg',
    page: 'https://github.com/login/oauth/authorize',
    scopes: ['read:user', 'user:email'],
  },
  google: {
    title: 'Google',
    avatar: 'https://lh3.googleusercontent.com/avatar.svg',
    page: 'https://accounts.google.com/o/oauth2/v2/auth',
    scopes: ['email', 'openid', 'profile'],
  },
} as const

type ProviderName = keyof typeof ASKED

/** Sign-in with the provider of the test, in the place of GitHub and Google. */
export function socialChecks(suite: Suite): void {
  const chosen = suite.combination.providers as readonly ProviderName[]
  offers(suite, chosen)
  // A dev server treats them alike.
  for (const name of suite.mode === 'dev' ? chosen.slice(0, 1) : chosen) {
    leavesForProvider(suite, name)
    // Convex's own backend can't be told where the test's provider is.
    if (ownDeployment) signsIn(suite, name)
    withoutVariables(suite, name)
  }
}

/** What is the same for every look, and all but the people for every provider. */
export function thoroughSocialChecks(suite: Suite): void {
  const chosen = suite.combination.providers as readonly ProviderName[]
  if (!ownDeployment) return
  for (const name of chosen) {
    refusals(suite, name)
    oddPeople(suite, name)
  }
  for (const name of chosen.slice(0, 1)) {
    signInMethods(suite, name)
    refusedConnections(suite, name)
    goneUser(suite, name)
    oddPaths(suite, name)
    back(suite, name)
  }
}

/** One provider's line of the settings, where there is no other. */
export function singleProviderChecks(suite: Suite): void {
  const [name] = suite.combination.providers as readonly ProviderName[]
  if (ownDeployment && name !== undefined) signInMethods(suite, name)
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

function signsIn({ visit }: Suite, name: ProviderName): void {
  const { title } = ASKED[name]
  visit(`${title}: a new user, and the same one again`, async (visit) => {
    const person = newPerson(visit.site)
    const { page, step, context } = visit
    await stayOffTheNet(context, visit.site)
    await step('a new user comes back to the page', async () => {
      await page.goto('/sign-up?redirect=/settings')
      await continueWith(visit, name)
      await authorize(visit)
      await page.waitForURL(`${visit.site.url}/settings`)
    })
    await step('under the name that they have there', async () => {
      await page.getByRole('link', { name: 'Dashboard' }).click()
      await page.getByText(`Hello, ${person.name}`).waitFor()
      await page.getByText(String(person.email)).waitFor()
      await page.getByLabel('New task').fill('Come back')
      await page.getByRole('button', { name: 'Add' }).click()
      await page.getByRole('checkbox', { name: 'Come back' }).waitFor()
    })
    await step('a returning user finds their tasks', async () => {
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.waitForURL('**/sign-in?*')
      await continueWith(visit, name)
      await authorize(visit)
      await page.getByRole('checkbox', { name: 'Come back' }).waitFor()
    })
  })
}

function refusals({ visit, check }: Suite, name: ProviderName): void {
  const { title } = ASKED[name]
  check(`${title}: a refusal stays at the origin that was asked`, async (site) => {
    const origin = 'https://pr-1-team.vercel.app'
    const { host } = new URL(origin)
    const path = `/api/auth/callback/${name}?code=code&state=nobody-knows-it`
    const response = await fetch(site.url + path, {
      redirect: 'manual',
      headers: { 'x-forwarded-host': host, 'x-forwarded-proto': 'https' },
    })
    const location = response.headers.get('location') ?? ''
    expect(new URL(location, origin).href).toBe(`${origin}/sign-in?error=state_mismatch`)
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
      await page.getByRole('alert').getByText('it took too long').waitFor()
      await signedOutAt(visit, '/sign-in')
    })
  })
}

/** A way in that has lost its user must not become one to somebody else. */
function goneUser({ visit }: Suite, name: ProviderName): void {
  visit(
    `${ASKED[name].title}: who deletes their user on the way gets nobody else's`,
    async (visit) => {
      const { page, site, context, step, expectMessage } = visit
      await stayOffTheNet(context, site)
      expectMessage(/status of (?:401|500)/)
      const { email, password, cookie } = await signedIn(visit, '/settings')
      const { id } = newPerson(site, { email })
      await step('deleted while at the provider', async () => {
        await button(visit, name, 'Connect').click()
        await page.getByRole('link', { name: 'Authorize' }).waitFor()
        expect((await postAuth(site, 'delete-user', { password }, cookie)).status).toBe(200)
        await authorize(visit)
        await signedOutAt(visit, '/sign-in')
      })
      const victim = await createAccount(site)
      newPerson(site, { id, email: victim.email, unconfirmed: true })
      await step(
        "with somebody else's address at the provider, which it has not confirmed",
        async () => {
          await page.goto('/sign-in')
          await roundTrip(visit, name)
          await page.getByRole('alert').getByText('There is an account').waitFor()
          await signedOutAt(visit, '/sign-in')
        },
      )
    },
  )
}

function oddPaths({ visit }: Suite, name: ProviderName): void {
  visit(`${ASKED[name].title}: every path comes back as it was`, async (visit) => {
    const { page, site, context, step, expectMessage } = visit
    await stayOffTheNet(context, site)
    expectMessage(/status of 404/)
    newPerson(site)
    for (const path of [...ODD, '//evil.example/*']) {
      await step(path, async () => {
        await context.clearCookies()
        await page.goto(`/sign-in?${new URLSearchParams({ redirect: path })}`)
        const back = page.waitForResponse((one) => one.url().includes('/api/auth/callback/'))
        await roundTrip(visit, name)
        const { href } = new URL(path.startsWith('//') ? '/dashboard' : path, site.url)
        expect((await back).headers()['location']).toBe(href)
        await page.waitForURL(({ pathname }) => pathname === new URL(href).pathname)
      })
    }
  })
}

function oddPeople({ visit }: Suite, name: ProviderName): void {
  const { title, avatar } = ASKED[name]
  const long = '🦊'.repeat(300)
  const people: (Partial<Person> & { says: string })[] = [
    { name: null, says: name === 'github' ? 'Hello, someone' : 'Hello, katherine' },
    { name: ' ', says: name === 'github' ? 'Hello, someone' : 'Hello, katherine' },
    { name: long, says: `Hello, ${'🦊'.repeat(100)}` },
    { image: `${avatar}?${'x'.repeat(5000)}`, says: 'Hello, Katherine' },
    { unconfirmed: true, says: 'Hello, Katherine' },
  ]
  visit(`${title}: nobody is kept out by a name or an image`, async (visit) => {
    const { page, site, context, step, expectMessage } = visit
    await stayOffTheNet(context, site)
    for (const { says, ...about } of people) {
      await step(says.slice(0, 30), async () => {
        await context.clearCookies()
        newPerson(site, about)
        await page.goto('/sign-in')
        await roundTrip(visit, name)
        await page.getByRole('heading', { name: says }).waitFor()
        expect(await page.locator('main img').count()).toBe(0)
      })
    }
    await step('capitals in an address are one account, and the image is shown', async () => {
      const { id, email } = newPerson(site, { image: avatar })
      for (const address of [email?.toUpperCase(), email]) {
        await context.clearCookies()
        newPerson(site, { id, email: address ?? null, image: avatar })
        await page.goto('/sign-in')
        await roundTrip(visit, name)
        await page.getByText(String(email), { exact: true }).waitFor()
        // What Playwright has a page itself ask for again is a script that the policy refuses.
        const width = 'document.querySelector("main img")?.naturalWidth ?? 0'
        await expect.poll(() => page.evaluate(width)).toBeGreaterThan(0)
      }
    })
    await step('an image that is gone leaves no trace', async () => {
      await context.clearCookies()
      expectMessage(/status of 404/)
      newPerson(site, { image: `${avatar}.gone` })
      await page.goto('/sign-in')
      await roundTrip(visit, name)
      await page.getByText('Hello').waitFor()
      await page.locator('main img').waitFor({ state: 'detached' })
    })
    await step('without an address the reason is said', async () => {
      await context.clearCookies()
      newPerson(site, { email: null })
      await page.goto('/sign-in')
      await roundTrip(visit, name)
      await page.waitForURL('**/sign-in?*error=*')
      expect(await alertOf(visit)).toMatch('gave no e-mail address')
    })
    // Google's profile comes with the token: nobody is asked for it.
    if (name === 'google') return
    await step('and when the provider fails meanwhile, that it did', async () => {
      newPerson(site, { isDown: true })
      await page.goto('/sign-in')
      await roundTrip(visit, name)
      await page.waitForURL('**/sign-in?*error=*')
      expect(await alertOf(visit)).toMatch('did not work this time')
    })
  })
}

function signInMethods({ visit }: Suite, name: ProviderName): void {
  const { title } = ASKED[name]
  visit(`${title}: an account with a password is connected in its settings`, async (visit) => {
    const { page, site, context, step } = visit
    await stayOffTheNet(context, site)
    const user = newUser()
    await postAuth(site, 'sign-up/email', user)
    newPerson(site, { email: user.email.toUpperCase() })
    await page.goto('/sign-in')
    await step('the sign-in page says how', async () => {
      await roundTrip(visit, name)
      await page.waitForURL('**/sign-in?*error=*')
      expect(await alertOf(visit)).toMatch(/the way you did before, then .*“Sign-in methods”/)
    })
    await step('connect', async () => {
      await fillSignIn(page, user)
      await page.getByRole('link', { name: 'Settings' }).click()
      await button(visit, name, 'Connect').click()
      await authorize(visit)
      await page.getByText(`${title} is connected`).waitFor()
    })
    await step('either way leads to the same account', async () => {
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await page.waitForURL('**/sign-in?*')
      await page.goto('/sign-in')
      await roundTrip(visit, name)
      await page.getByText(`Hello, ${user.name}`).waitFor()
    })
    await step('disconnect', async () => {
      await page.goto('/settings')
      await button(visit, name, 'Disconnect').click()
      await button(visit, name, 'Connect').waitFor()
      expect((await postAuth(site, 'sign-in/email', user)).status).toBe(200)
    })
  })

  visit(`${title}: the only way in stays, until there is a password`, async (visit) => {
    const { page, site, context, step, expectMessage } = visit
    expectMessage(/^error: .*Password too long/s)
    await stayOffTheNet(context, site)
    const { email } = newPerson(site)
    await page.goto('/sign-in?redirect=/settings')
    await roundTrip(visit, name)
    await step('it can not be disconnected, past the button neither', async () => {
      expect(await button(visit, name, 'Disconnect').isDisabled()).toBe(true)
      expect(await page.getByLabel('Current password').count()).toBe(0)
      const { token } = (await (
        await context.request.get(`${site.url}/api/auth/convex/token`)
      ).json()) as { token: string }
      const path = 'signInMethods:disconnect'
      const answer = await callConvex(site, 'mutation', path, { provider: name }, token)
      expect(answer.errorData).toMatch('could not sign in any more')
    })
    const password = 'a password of my own'
    await step('set a password', async () => {
      await page.getByLabel('New password').fill('short')
      await page.getByRole('button', { name: 'Set password' }).click()
      await page.locator('[aria-invalid=true]').waitFor()
      await page.getByLabel('New password').fill(TOO_LONG)
      await page.getByRole('button', { name: 'Set password' }).click()
      await page.getByText('Password too long').waitFor()
      await expectErrorAt(page, page.getByLabel('New password'))
      await page.getByLabel('New password').fill(password)
      await page.getByRole('button', { name: 'Set password' }).click()
      await page.getByLabel('Current password').waitFor()
    })
    await step('and sign in with it alone', async () => {
      await button(visit, name, 'Disconnect').click()
      await button(visit, name, 'Connect').waitFor()
      expect((await postAuth(site, 'sign-in/email', { email, password })).status).toBe(200)
    })
  })

  visit(`${title}: an account without a password is deleted`, async (visit) => {
    const { page, site, context, step } = visit
    await stayOffTheNet(context, site)
    newPerson(site)
    await page.goto('/sign-in?redirect=/settings')
    await roundTrip(visit, name)
    const button = page.getByRole('button', { name: 'Delete account' })
    await step('not by one click', async () => {
      await button.click()
      await page.getByRole('alert').waitFor()
    })
    await step('but by who says so', async () => {
      await page.getByRole('checkbox', { name: 'Delete it with all' }).check()
      await button.click()
      await page.waitForURL(`${site.url}/`)
      await page.getByRole('link', { name: 'Create account' }).first().waitFor()
    })
  })
}

function refusedConnections({ visit }: Suite, name: ProviderName): void {
  visit(`${ASKED[name].title}: why a connection was refused`, async (visit) => {
    const { page, site, context, step } = visit
    await stayOffTheNet(context, site)
    const taken = newPerson(site)
    await page.goto('/sign-in')
    await roundTrip(visit, name)
    await page.getByText('Hello').waitFor()
    await context.clearCookies()
    const { email } = await signedIn(visit, '/settings')

    const refusals: [string, Partial<Person>][] = [
      ['another e-mail address', {}],
      ['Confirm its e-mail address', { email, unconfirmed: true }],
      ['Somebody else here has connected', { ...taken, email }],
    ]
    for (const [words, about] of refusals) {
      await step(words, async () => {
        newPerson(site, about)
        await button(visit, name, 'Connect').click()
        await authorize(visit)
        await page.waitForURL('**/settings?error=*')
        expect(await alertOf(visit)).toMatch(words)
      })
    }
    await step('cancelled', async () => {
      await button(visit, name, 'Connect').click()
      await page.getByRole('link', { name: 'Cancel' }).click()
      await page.getByRole('alert').getByText('was cancelled').waitFor()
    })
    await step('too late', async () => {
      await button(visit, name, 'Connect').click()
      await page.getByRole('link', { name: 'Authorize' }).waitFor()
      await context.clearCookies({ name: /state/ })
      await authorize(visit)
      await page.getByRole('alert').getByText('it took too long').waitFor()
      expect(new URL(page.url()).pathname).toBe('/settings')
    })
    await step('with a state that nobody knows', async () => {
      await page.goto(`/api/auth/callback/${name}?code=code&state=nobody-knows-it`)
      await page.getByRole('alert').getByText('it took too long').waitFor()
      expect(new URL(page.url()).pathname).toBe('/settings')
    })
  })
}

function back({ check }: Suite, name: ProviderName): void {
  const title = `${ASKED[name].title}: after Back nothing waits`
  check(title, async (site) => {
    // Playwright switches the cache off that shows a page as it was left.
    const browser = await launchBrowser(undefined, {
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    })
    try {
      await withVisit(browser, site, title, (visit) => goBack(visit, name))
    } finally {
      await browser.close()
    }
  })
}

async function goBack(visit: Visit, name: ProviderName): Promise<void> {
  const { page, site, context, step } = visit
  await stayOffTheNet(context, site)
  newPerson(site)
  await page.goto('/sign-in?redirect=/settings')
  await step('a browser that keeps the page shows it again', async () => {
    // Chromium keeps none whose cookies have changed. With no content, no page is left.
    const { page: address, title } = ASKED[name]
    await page.route(`${address}?*`, (route) => route.fulfill({ status: 204 }))
    const answered = page.waitForResponse(`${address}?*`)
    await continueWith(visit, name)
    await answered
    const waits = page.getByRole('button', { name: `Going to ${title}` })
    await waits.waitFor()
    await page.evaluate('dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))')
    await waits.waitFor({ state: 'detached' })
    await page.unroute(`${address}?*`)
  })
  // Not while it is evaluated: the page that goes could not answer any more.
  const back = (pages: number) => page.evaluate(`void setTimeout(() => history.go(-${pages}))`)
  await step('from the provider', async () => {
    await continueWith(visit, name)
    await page.getByRole('link', { name: 'Authorize' }).waitFor()
    await back(1)
    await roundTrip(visit, name)
    await page.waitForURL('**/settings')
  })
  await step('signed in, there is nothing to sign in to', async () => {
    await page.getByText('This device').waitFor()
    const loaded = page.waitForEvent('load')
    await back(2)
    await loaded
    await page.waitForURL('**/settings')
    await page.getByText('This device').waitFor()
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

/** Agrees at the provider, and comes back. */
const authorize = ({ page }: Visit) => page.getByRole('link', { name: 'Authorize' }).click()

/** Signs in with the provider from the page that is open. */
export async function roundTrip(visit: Visit, name: ProviderName): Promise<void> {
  await continueWith(visit, name)
  await authorize(visit)
}

const alertOf = ({ page }: Visit) => page.getByRole('alert').innerText()

/** The provider's line of the settings. */
export const method = ({ page }: Visit, name: ProviderName) =>
  page.getByRole('listitem').filter({ hasText: ASKED[name].title })

const button = (visit: Visit, name: ProviderName, label: 'Connect' | 'Disconnect') =>
  method(visit, name).getByRole('button', { name: label, exact: true })

async function signedOutAt({ page }: Visit, path: string): Promise<void> {
  await page.waitForURL(({ pathname }) => pathname === path)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
}

let people = 1000
/** Signs somebody new in at the provider. */
export function newPerson({ provider }: Site, about: Partial<Person> = {}): Person {
  const { email } = newUser('Katherine Johnson')
  const id = String((people += 1))
  provider.person = { id, name: 'Katherine Johnson', email, ...about }
  return provider.person
}

/** What the browser asks of GitHub and Google, the test's provider answers. */
export async function stayOffTheNet(context: BrowserContext, { provider }: Site): Promise<void> {
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
