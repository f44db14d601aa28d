import { expect, test } from 'vitest'
import { mergeLineList } from '../../../src/merge/lines.ts'

const merged = (base: string, ours: string, theirs: string) =>
  mergeLineList(base, ours, theirs)?.result

test.each([
  [
    'added lines at one place: the own ones first',
    'a\nb\n',
    'a\nmine\nb\n',
    'a\nnew\nb\n',
    'a\nmine\nnew\nb\n',
  ],
  ['added lines at the end', 'a\n', 'a\nmine\n', 'a\nnew\n', 'a\nmine\nnew\n'],
  ['a line that is there already', 'a\n', 'a\nnew\n', 'a\nnew\n', 'a\nnew\n'],
  [
    'a dropped line beside an own one',
    'a\nold\nb\n',
    'a\nmine\nold\nb\n',
    'a\nb\n',
    'a\nmine\nb\n',
  ],
  ['a dropped line that the user took out', 'a\nold\nb\n', 'a\nb\n', 'a\nb\n', 'a\nb\n'],
  ['no line end at the end', 'a', 'a\nmine', 'a\nnew', 'a\nmine\nnew\n'],
  ['no line end where nothing follows', 'a\nb', 'a\nb\nmine', 'new\na\nb', 'new\na\nb\nmine'],
  ['line ends of both kinds', 'a\nb\n', 'a\r\nb\n', 'new\na\nb\n', 'new\r\na\r\nb\n'],
  ['CRLF', 'a\n', 'a\r\nmine\r\n', 'a\nnew\n', 'a\r\nmine\r\nnew\r\n'],
])('%s', (_, base, ours, theirs, expected) => {
  expect(merged(base, ours, theirs)).toBe(expected)
})

test('a line that both have changed is for git to show', () => {
  expect(merged('A=1\n', 'A=2\n', 'A=3\n')).toBeUndefined()
})
