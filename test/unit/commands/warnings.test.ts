import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { nodeWarning, workspaceWarning } from '../../../src/commands/warnings.ts'
import type { Plan } from '../../../src/plan/types.ts'

function planWith(engines: object): Plan {
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
