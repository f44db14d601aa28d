import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli, emptyFolder } from '../helpers/cli.ts'

const root = join(import.meta.dirname, '../..')
const example = join(root, 'examples/layer-export')

/** The example with some of its files changed, below an installation where there is one. */
function layerWith(files: Readonly<Record<string, string>>, isInstalled = false): string {
  const parent = emptyFolder()
  if (isInstalled) symlinkSync(join(root, 'node_modules'), join(parent, 'node_modules'), 'junction')
  const folder = join(parent, 'mine')
  cpSync(example, folder, { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

const manifest = (more: object) =>
  JSON.stringify({
    name: 'mine',
    title: 'Mine',
    description: 'A layer',
    ignore: ['tsconfig.json', 'convex/_generated/api.d.ts'],
    ...more,
  })

async function checked(folder: string) {
  const run = await cli(['layer', 'check', folder, '--json'], { cwd: dirname(folder) })
  const { ok, checks } = JSON.parse(run.stdout) as {
    ok: boolean
    checks: { id: string; ok: boolean | null; message: string; fix: string[] }[]
  }
  const of = (id: string) => checks.find((check) => check.id === id)
  return { exitCode: run.exitCode, ok, checks, of }
}

describe('layer check', () => {
  test('the example of the guide is well', async () => {
    const { exitCode, checks, ok } = await checked(example)
    expect(checks.filter((check) => check.ok !== true)).toEqual([])
    expect(checks.map(({ id }) => id)).toEqual([
      'manifest',
      'plans',
      'installation',
      'types',
      'format',
    ])
    expect({ exitCode, ok }).toEqual({ exitCode: 0, ok: true })
  })

  test('says where layer.json is wrong', async () => {
    const folder = layerWith({ 'layer.json': '{\n  "name": "mine",\n  "titel": "Mine"\n}' })
    const { exitCode, of } = await checked(folder)
    expect(exitCode).toBe(1)
    expect(of('manifest')?.message).toMatch(/line \d: "(?:titel|title)"/)
  })

  test('says with which layers it fails, and what is there', async () => {
    const slots = { 'src/routes/_authed/settings.tsx': { sectoins: '<DataExport />' } }
    const misspelt = await checked(layerWith({ 'layer.json': manifest({ slots }) }))
    expect(misspelt.exitCode).toBe(1)
    expect(misspelt.of('plans')?.message).toMatch(
      /^Layer "mine" \(layer.json, line 1\) .*"sectoins"/,
    )
    expect(misspelt.of('plans')?.fix.join()).toContain('sections')

    // Tailwind takes that file out.
    const files = {
      'layer.json': manifest({ replaces: ['src/styles/layout.css'] }),
      'src/styles/layout.css': '',
    }
    const partly = await checked(layerWith(files))
    expect(partly.of('plans')).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^With Tailwind CSS, Mine: .*layer "tailwind" removes/),
    })
  })

  test("what its users' typecheck and lint would find", async () => {
    const files = {
      'convex/dataExport.ts': 'export const mine: string =  1\n',
    }
    const { exitCode, of } = await checked(layerWith(files, true))
    expect(exitCode).toBe(1)
    expect(of('types')?.message).toMatch(/convex\/dataExport\.ts.*not assignable to type 'string'/)
    expect(of('format')?.message).toContain('convex/dataExport.ts')
  })

  test('with the packages of an app that pnpm has installed', async () => {
    const folder = layerWith({ 'convex/dataExport.ts': 'export const mine: string = 1\n' })
    const app = join(dirname(folder), 'app')
    const packages = join(app, 'node_modules')
    // A link for each, and beside the real one only what it needs itself.
    const store = join(packages, '.pnpm/typescript@7.0.2/node_modules')
    mkdirSync(store, { recursive: true })
    writeFileSync(join(app, '.start-convex-auth.json'), '{}')
    const real = join(root, 'node_modules')
    cpSync(join(real, 'typescript'), join(store, 'typescript'), { recursive: true })
    symlinkSync(join(real, '@typescript'), join(store, '@typescript'), 'junction')
    for (const name of readdirSync(real)) {
      const from = name === 'typescript' ? join(store, name) : join(real, name)
      symlinkSync(from, join(packages, name), 'junction')
    }
    expect((await checked(folder)).of('types')?.message).toContain('not assignable to type')
  })

  test('with an app beside it that lacks a package, no layer is blamed for it', async () => {
    const folder = layerWith({})
    const app = join(dirname(folder), 'app')
    mkdirSync(join(app, 'node_modules/@convex-dev'), { recursive: true })
    writeFileSync(join(app, '.start-convex-auth.json'), '{}')
    const real = join(root, 'node_modules')
    const [scope, others] = [join(real, '@convex-dev'), readdirSync(real)]
    const names = others.filter((name) => name !== '@convex-dev')
    const scoped = readdirSync(scope).map((name) => `@convex-dev/${name}`)
    for (const name of [...names, ...scoped.filter((name) => !name.endsWith('/resend'))]) {
      symlinkSync(join(real, name), join(app, 'node_modules', name), 'junction')
    }
    const { exitCode, of } = await checked(folder)
    expect(exitCode).toBe(0)
    expect(of('types')).toMatchObject({
      ok: null,
      message: expect.stringContaining('is without @convex-dev/resend.') as string,
    })
  })

  test('without an installed app beside it, types and format are not judged', async () => {
    const { exitCode, of } = await checked(layerWith({}))
    expect(exitCode).toBe(0)
    expect(of('types')).toMatchObject({
      ok: null,
      fix: [
        expect.any(String),
        expect.stringContaining(
          ' try-export -- --tailwind --social "github,google" --email --layer ',
        ),
      ],
    })
    expect(of('format')?.ok).toBe(null)
    const inside = await cli(['layer', 'check', '.'], { cwd: layerWith({}) })
    expect(inside.stdout).toContain(' ../try-export -- ')
  })

  test('what installing it would run is told', async () => {
    const files = { 'package.json': '{ "scripts": { "postinstall": "node x.js" } }' }
    expect((await checked(layerWith(files))).of('installation')?.message).toContain(
      'runs `node x.js`',
    )
  })

  test.each([[['layer']], [['layer', 'check']], [['layer', 'chekc', 'x']]])(
    '%j is no command',
    async (words) => {
      const run = await cli(words, { cwd: emptyFolder() })
      expect(run.exitCode).toBe(2)
      expect(run.stderr).toContain('layer check FOLDER')
    },
  )
})
