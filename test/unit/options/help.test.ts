import { expect, test } from 'vitest'
import { helpText } from '../../../src/options/help.ts'
import { commandNames, flagsOf } from '../../../src/options/questions.ts'
import { offer } from './offer-fixture.ts'

test.each(commandNames)('%s: names every flag, in 80 columns', (command) => {
  const help = helpText('1.2.3', offer, command)
  for (const name of flagsOf(command)) {
    expect(help).toMatch(new RegExp(`(--|\\])${name}\\b`))
  }
  for (const line of help.split('\n')) expect(line.length).toBeLessThan(81)
})

test('names the values of the layers, and the other commands', () => {
  const help = helpText('1.2.3', offer)
  expect(help).toContain('--[no-]social github,google')
  expect(help).toContain('[directory]')
  for (const command of commandNames.slice(1)) expect(help).toContain(`\n  ${command} `)
})
