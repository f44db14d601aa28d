import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { complaints, programs, runWell } from '../helpers/run.ts'
import { launchBrowser } from './support/browser.ts'
import { freePorts } from './support/ports.ts'
import { startSite, type Site } from './support/site.ts'
import { withVisit, type Visit } from './support/visit.ts'
import { buildApp, writeEnvLocal, type Ports } from './support/workspace.ts'

// What an owner builds first: components of shadcn/ui, and a form of their own.
// The real CLI of shadcn/ui, on a registry of our own: two components as its docs have them,
// the one with a dialog's focus trap and scroll lock, the other with a stylesheet of its own.

const NAME = 'building-on'
const CLI = 'shadcn@4.23.0'

const item = (name: string, dependencies: readonly string[]) => ({
  $schema: 'https://ui.shadcn.com/schema/registry-item.json',
  name,
  type: 'registry:ui',
  dependencies,
  files: [
    {
      path: `registry/new-york-v4/ui/${name}.tsx`,
      type: 'registry:ui',
      content: readFileSync(join(import.meta.dirname, `support/shadcn/${name}.txt`), 'utf8'),
    },
  ],
})

const colours = { light: {}, dark: {} }

/** What the CLI asks for, by file name. */
const ITEMS: Record<string, object> = {
  // Which colours an item is given in a project without variables: none of ours is.
  neutral: {
    inlineColors: colours,
    cssVars: colours,
    inlineColorsTemplate: '',
    cssVarsTemplate: '',
  },
  dialog: item('dialog', ['radix-ui@1.8.1', 'lucide-react@1.77.0']),
  sonner: item('sonner', ['sonner@2.0.8', 'next-themes@0.4.6']),
}

const PAGE = `import { createFileRoute } from '@tanstack/react-router'
import { toast } from 'sonner'
import { Button } from '~/components/ui/button'
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogTitle,
  DialogTrigger,
} from '~/components/ui/dialog'
import { Toaster } from '~/components/ui/sonner'

export const Route = createFileRoute('/shadcn')({ component: Page })

function Page() {
  return (
    <main>
      <Dialog>
        <DialogTrigger asChild>
          <Button className="h-12">Open</Button>
        </DialogTrigger>
        <DialogContent>
          <DialogTitle>A dialog</DialogTitle>
          <DialogDescription>As shadcn/ui has it</DialogDescription>
          <DialogFooter showCloseButton />
        </DialogContent>
      </Dialog>
      <Button asChild variant="outline">
        <a href="/">A link that looks like a button</a>
      </Button>
      <Button onClick={() => toast.success('Saved')}>Toast</Button>
      <Toaster />
    </main>
  )
}
`

const NOTE = `import { createFileRoute } from '@tanstack/react-router'
import { useState } from 'react'
import { Form, SubmitButton } from '~/components/form'
import { TextAreaField, TextField } from '~/components/form-fields'

export const Route = createFileRoute('/note')({ component: Page })

function Page() {
  const [sent, setSent] = useState('')
  return (
    <Form<'text'>
      send={async ({ text }, _form, data) => {
        const photo = data.get('photo')
        setSent([text, photo instanceof File && photo.name, data.getAll('tag')].join())
      }}
    >
      <TextAreaField label="Text" name="text" required />
      <TextField label="Photo" name="photo" type="file" />
      <input type="hidden" name="tag" value="a" />
      <input type="hidden" name="tag" value="b" />
      <SubmitButton pendingLabel="Saving…">Save</SubmitButton>
      <output>{sent}</output>
    </Form>
  )
}
`

const registry = createServer((request, response) => {
  const name = /\/(\w+)\.json$/.exec(request.url ?? '')?.[1] ?? ''
  const found = ITEMS[name]
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
  response.end(JSON.stringify(found ?? { error: 'Not found' }))
})

beforeAll(() => new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve)))
afterAll(() => void registry.close())

const workspace = inject('workspace')
const cwd = join(workspace.home, NAME)
const { env } = workspace
const COMBINATION = {
  name: NAME,
  tailwind: true,
  flags: ['--tailwind'],
  providers: [],
  email: false,
}
let ports: Ports
const npm = (...args: string[]) => runWell('npm', args, { cwd, env })

test('shadcn add: its components pass every check after npm run format', async () => {
  cpSync(join(workspace.home, 'tailwind'), cwd, { recursive: true, verbatimSymlinks: true })
  const [app = 0, convex = 0, convexSite = 0] = await freePorts(3)
  ports = { app, convex, convexSite }
  writeEnvLocal(cwd, ports)
  const { port } = registry.address() as AddressInfo
  const cli = join(await programs(CLI), 'shadcn')
  const before = readFileSync(join(cwd, 'src/styles/app.css'), 'utf8')
  await runWell(cli, ['add', 'dialog', 'sonner', '--yes'], {
    cwd,
    env: { ...env, REGISTRY_URL: `http://127.0.0.1:${port}/r` },
  })
  const components = readdirSync(join(cwd, 'src/components/ui'))
  expect(components).toContain('dialog.tsx')
  expect(components).toContain('sonner.tsx')
  expect(readFileSync(join(cwd, 'src/styles/app.css'), 'utf8')).toBe(before)
  writeFileSync(join(cwd, 'src/routes/shadcn.tsx'), PAGE)
  writeFileSync(join(cwd, 'src/routes/note.tsx'), NOTE)
  await npm('run', 'format')
  await buildApp(workspace, NAME)
  expect(complaints(await npm('run', 'lint'))).toEqual([])
  await npm('run', 'typecheck')
})

describe('the build', () => {
  let site: Site
  let browser: Browser
  beforeAll(async () => {
    const only = { ...workspace, ports: { [NAME]: ports } }
    site = await startSite({ workspace: only, combination: COMBINATION, mode: 'production' })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
  })

  test('shows them: a dialog that locks the page, moves and closes', () =>
    withVisit(browser, site, 'dialog', dialog))
  test('shows them: a toast in its own style', () => withVisit(browser, site, 'toast', toast))
  test('a form of the owner sends what was typed and chosen before React listens', () =>
    withVisit(browser, site, 'an early file', earlyFile))
})

async function dialog({ page, step }: Visit): Promise<void> {
  await page.goto('/shadcn')
  const open = page.getByRole('button', { name: 'Open' })
  await step('a class that is passed in wins', async () => {
    expect((await open.boundingBox())?.height).toBe(48)
    const link = page.getByRole('link', { name: 'A link that looks like a button' })
    expect((await link.boundingBox())?.height).toBe(36)
  })
  await step('the dialog', async () => {
    await open.click()
    const dialog = page.getByRole('dialog', { name: 'A dialog' })
    await dialog.waitFor()
    expect(await styleOf(page, '[role=dialog]', 'animationName')).toBe('enter')
    expect(await styleOf(page, 'body', 'overflow')).toBe('hidden')
    await dialog.getByRole('button', { name: 'Close' }).first().click()
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => styleOf(page, 'body', 'overflow')).not.toBe('hidden')
  })
}

async function toast({ page }: Visit): Promise<void> {
  await page.goto('/shadcn')
  await page.getByRole('button', { name: 'Toast' }).click()
  await page.getByText('Saved').waitFor()
  // By the stylesheet that it brings along.
  expect(await styleOf(page, '[data-sonner-toaster]', 'position')).toBe('fixed')
}

async function earlyFile({ context, page, step }: Visit): Promise<void> {
  let goOn = () => {}
  const scriptsMay = new Promise<void>((resolve) => (goOn = resolve))
  await context.route(/\.js$/, async (route) => {
    await scriptsMay
    await route.continue()
  })
  const save = page.getByRole('button', { name: 'Save' })
  await step('before', async () => {
    await page.goto('/note', { waitUntil: 'commit' })
    await page.getByLabel('Text').fill('Milk')
    const photo = { name: 'milk.png', mimeType: 'image/png', buffer: Buffer.from('x') }
    await page.getByLabel('Photo').setInputFiles(photo)
    expect(await save.isDisabled()).toBe(true)
  })
  await step('after', async () => {
    goOn()
    await save.click()
    await page.getByText('Milk,milk.png,a,b').waitFor()
  })
  await step('an empty textarea is refused', async () => {
    await page.getByLabel('Text').fill('')
    await save.click()
    await page.getByRole('alert').waitFor()
    expect(await page.getByLabel('Text').getAttribute('aria-invalid')).toBe('true')
  })
}

const styleOf = (page: Page, selector: string, property: string) =>
  page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`)
