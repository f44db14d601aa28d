import { expect, test } from 'vitest'
import { requireSafePath } from '../../../src/layers/read.ts'

test.each([
  ['', 'is empty'],
  ['/a', 'is absolute'],
  ['C:/a', 'is absolute'],
  ['a\\b', 'has a backslash'],
  ['../a', 'leaves its folder or has an empty part'],
  ['a/../b', 'leaves its folder or has an empty part'],
  ['a//b', 'leaves its folder or has an empty part'],
  ['.git/hooks/pre-commit', 'is inside .git'],
  ['con', 'has a name that Windows refuses'],
  ['src/NUL.txt', 'has a name that Windows refuses'],
  ['a./b', 'has a name that Windows refuses'],
  ['a ', 'has a name that Windows refuses'],
  ['ab:c', 'has a name that Windows refuses'],
  ['a\tb', 'has a name that Windows refuses'],
])('%j is refused: it %s', (path, problem) => {
  expect(() => requireSafePath(path, 'one')).toThrow(
    `Layer "one" has a file that can't be written: ${JSON.stringify(path)} ${problem}.`,
  )
})

test.each(['.github/a.yml', '.gitignore', 'a..b/$.ts', 'console.ts'])('%j is fine', (path) => {
  expect(() => requireSafePath(path, 'one')).not.toThrow()
})
