import { writeFile } from 'node:fs/promises'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { artifact } from './artifacts.ts'
import { PATIENCE_MS } from './patience.ts'
import type { Site } from './site.ts'

/** Somebody in front of a browser of their own. */
export interface Visit {
  readonly site: Site
  readonly context: BrowserContext
  /** The first tab. */
  readonly page: Page
  /** Does a step of the test; what fails in it says where. */
  readonly step: <T>(name: string, act: () => Promise<T>) => Promise<T>
  /** The console may say this: the browser's own line about an answer that the test asked for. */
  readonly expectMessage: (pattern: RegExp) => void
}

/** Opens a fresh context, acts, and holds the console to silence. */
export async function withVisit(
  browser: Browser,
  site: Site,
  title: string,
  act: (visit: Visit) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({
    baseURL: site.url,
    viewport: { width: 1280, height: 800 },
    ...options,
  })
  context.setDefaultTimeout(PATIENCE_MS)
  const messages = listen(context)
  const expected: RegExp[] = []
  const visit: Visit = {
    site,
    context,
    page: await context.newPage(),
    step: (name, action) => step(visit, title, name, action),
    expectMessage: (pattern) => void expected.push(pattern),
  }
  try {
    await act(visit)
    const unexpected = messages.filter(
      (message) => !expected.some((pattern) => pattern.test(message)),
    )
    expect(unexpected, `${site.name} · ${title} · the console`).toEqual([])
  } catch (error) {
    await keepEvidence(visit, title, messages)
    throw error
  } finally {
    await context.close()
  }
}

/** Errors and warnings of all tabs. */
function listen(context: BrowserContext): string[] {
  const messages: string[] = []
  context.on('console', (message) => {
    const kind = message.type()
    if (kind !== 'error' && kind !== 'warning') return
    const { url } = message.location()
    messages.push(`${kind}: ${message.text()} (${url})`)
  })
  context.on('weberror', (error) => {
    messages.push(`uncaught: ${String(error.error())}`)
  })
  return messages
}

async function step<T>(
  { site, page }: Visit,
  title: string,
  name: string,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const where = page.url().replace(site.url, '')
    const message = `${site.name} · ${title} · ${where} · ${name}: ${reason}`
    throw new Error(message, { cause: error })
  }
}

async function keepEvidence(
  { context, site }: Visit,
  title: string,
  messages: readonly string[],
): Promise<void> {
  for (const [index, page] of context.pages().entries()) {
    const path = artifact('failures', site.name, title, `tab-${index + 1}.png`)
    // A browser that died shows nothing any more.
    await page.screenshot({ path, timeout: 5000 }).catch(() => {})
  }
  const log = `# console\n${messages.join('\n')}\n\n${site.log()}`
  await writeFile(artifact('failures', site.name, title, 'log.txt'), log)
}
