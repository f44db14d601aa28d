import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, Visitor } from 'rolldown/utils'
import { expect, test } from 'vitest'

const src = join(import.meta.dirname, '../../src')

const modulesIn = (folder: string) =>
  readdirSync(join(src, folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)

/** What a module imports at run time, and whether it names `process`. */
function dependencies(path: string): readonly string[] {
  const text = readFileSync(join(src, path), 'utf8')
  const { program, module } = parseSync(path, text)
  const found = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.dynamicImports.map(({ moduleRequest }) =>
      text.slice(moduleRequest.start + 1, moduleRequest.end - 1),
    ),
  ]
  new Visitor({
    Identifier: ({ name }) => {
      if (name === 'process') found.push('process')
    },
  }).visit(program)
  return found.map((name) => name.replace(/^node:/, ''))
}

const worldly = /^(?:fs|child_process|process|os|net|http|https|worker_threads)\b/

const pure = [
  ...modulesIn('plan'),
  ...modulesIn('report'),
  // Asking is an effect by nature.
  ...modulesIn('options').filter((path) => !path.endsWith('prompts.ts')),
]

test.each(pure)('%s is pure: no files, no processes', (path) => {
  expect(dependencies(path).filter((name) => worldly.test(name))).toEqual([])
})

test('files are written in repo/ only', () => {
  const folders = readdirSync(src, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'repo')
    .map(({ name }) => name)
  const writers = folders
    .flatMap(modulesIn)
    .filter((path) =>
      /\b(?:writeFile|appendFile|mkdir|rename|copyFile|link|symlink)(?:Sync)?\(/.test(
        readFileSync(join(src, path), 'utf8'),
      ),
    )
  // A fetched layer goes through a folder of its own in the system's.
  expect(writers).toEqual(['layers/fetch.ts'])
})

test('the check sees what it looks for', () => {
  expect(dependencies('repo/write.ts')).toContain('fs')
  expect(dependencies('layers/read.ts')).toContain('process')
  expect(dependencies('layers/fetch.ts')).toContain('giget')
})
