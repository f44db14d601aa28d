import { expect, test } from 'vitest'
import { movingNote, movingStep } from '../../../src/report/update.ts'

const markdown = `**Accounts have another form.** See [the guide](https://example.com/guide), then
before you deploy:

\`\`\`sh
npx convex run migrations:accounts
npx convex env set NEW
\`\`\``

test('a point of the changelog is a step: its words, and its code as commands', () => {
  expect(movingStep(markdown)).toEqual({
    title:
      'Accounts have another form. See the guide (https://example.com/guide), then before you deploy:',
    commands: ['npx convex run migrations:accounts', 'npx convex env set NEW'],
  })
  expect(movingStep('Set `X` yourself.')).toEqual({ title: 'Set `X` yourself.', commands: [] })
})

test('and a note, where nothing was changed yet', () => {
  expect(movingNote(markdown).split('\n')).toEqual([
    expect.stringMatching(/^To do by hand: Accounts .* deploy:$/),
    'npx convex run migrations:accounts',
    'npx convex env set NEW',
  ])
})
