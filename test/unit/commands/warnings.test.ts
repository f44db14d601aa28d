import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { nodeWarning, pathWarning, workspaceWarning } from '../../../src/commands/warnings.ts'
import type { Plan } from '../../../src/plan/types.ts'

function planWith(engines: unknown): Plan {
  const content = JSON.stringify({ name: 'x', engines })
  return new Map([['package.json', { content, mode: 0o644, from: ['base'] }]])
}

test.each(['20.19.0', '22.11.9'])('%s is too old for >=22.12', (running) => {
  expect(nodeWarning(planWith({ node: '>=22.12' }), running)).toContain(
    `needs Node 22.12 or newer, and this is ${running}`,
  )
})

test.each(['22.12.0', '24.0.0', '100.0.0'])('%s will do', (running) => {
  expect(nodeWarning(planWith({ node: '>=22.12' }), running)).toBeUndefined()
})

test.each([{ node: 22 }, { node: ['22'] }, '22', null])('engines %j say nothing', (engines) => {
  expect(nodeWarning(planWith(engines), '20.19.0')).toBeUndefined()
})

const folderOf = (name: string) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), name)))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

test.each([
  '"packages":\n  - "*"\n',
  "# Ours\n'packages' : ['*']\n",
  '\uFEFFpackages:\n  - "*"\n',
  '--- {packages: ["*"]}\n',
  '{ "catalog": {},\n  "packages": ["*"] }\n',
])('%j is a pnpm workspace', (text) => {
  const folder = folderOf('workspace-')
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), text)
  expect(workspaceWarning(join(folder, 'app'))).toContain('below a pnpm workspace')
})

test.each([
  '# packages: none\n',
  'catalog:\n  packages: 1.0.0\n',
  'allowBuilds:\n  esbuild: true\n',
])('%j is none', (text) => {
  const folder = folderOf('workspace-')
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), text)
  expect(workspaceWarning(join(folder, 'app'))).toBeUndefined()
})

test('a path is told by where it leads', () => {
  const folder = folderOf('paths-')
  mkdirSync(join(folder, 'a#b'))
  symlinkSync(join(folder, 'a#b'), join(folder, 'link'))
  symlinkSync(folder, join(folder, 'a#b/out'))
  expect(pathWarning(join(folder, 'link/new/app'))).toMatch(
    /^The path has # in it.*a#b\/new\/app$/s,
  )
  expect(pathWarning(join(folder, 'a#b/out/app'))).toBeUndefined()
})

test("a pnpm workspace that cannot be read stands in nobody's way", () => {
  const folder = mkdtempSync(join(tmpdir(), 'workspace-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'pnpm-workspace.yaml')
  writeFileSync(file, 'packages:\n  - "*"\n')
  expect(workspaceWarning(join(folder, 'app'))).toContain(file)
  rmSync(file)
  symlinkSync(file, file)
  expect(workspaceWarning(join(folder, 'app'))).toBeUndefined()
})

test('says nothing where the app says nothing', () => {
  expect(nodeWarning(planWith({}), '20.19.0')).toBeUndefined()
  expect(nodeWarning(new Map(), '20.19.0')).toBeUndefined()
})
