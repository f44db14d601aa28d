import { expect, test } from 'vitest'
import { nodeWarning } from '../../../src/commands/warnings.ts'
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

test('says nothing where the app says nothing', () => {
  expect(nodeWarning(planWith({}), '20.19.0')).toBeUndefined()
  expect(nodeWarning(new Map(), '20.19.0')).toBeUndefined()
})
