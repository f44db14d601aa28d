import { expect, test } from 'vitest'
import { helpText } from '../../../src/options/help.ts'
import { questions } from '../../../src/options/questions.ts'
import { offer } from './offer-fixture.ts'

test('names every flag, with the values of the layers, in 80 columns', () => {
  const help = helpText('1.2.3', offer)
  for (const name of Object.keys(questions)) {
    expect(help).toMatch(new RegExp(`(--|\\]|\\[)${name}\\b`))
  }
  expect(help).toContain('--[no-]social github,google')
  for (const line of help.split('\n')) expect(line.length).toBeLessThan(81)
})
