import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkTarget } from '../../../src/repo/target.ts'
import { freshFolder, pathsIn, planOf } from './support.ts'

const check = (target: string, paths: readonly string[]) =>
  checkTarget(target, planOf(Object.fromEntries(paths.map((path) => [path, '']))))

test('takes a target that is not there, an empty one, and one with other files', () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'empty'))
  mkdirSync(join(folder, 'mine/.git'), { recursive: true })
  mkdirSync(join(folder, 'mine/src'))
  for (const name of ['LICENSE', '.DS_Store', 'src/notes.md']) {
    writeFileSync(join(folder, 'mine', name), 'mine')
  }
  const before = pathsIn(folder)

  check(join(folder, 'not/there/yet'), ['package.json'])
  check(join(folder, 'empty'), ['package.json'])
  check(join(folder, 'mine'), ['package.json', 'src/router.tsx'])

  expect(pathsIn(folder)).toEqual(before)
})

test('refuses a file, also where a parent should be', () => {
  const folder = freshFolder()
  const file = join(folder, 'file')
  writeFileSync(file, '')
  expect(() => check(file, ['a'])).toThrow(`${file} is a file, not a directory.`)
  expect(() => check(join(file, 'deep/app'), ['a'])).toThrow(
    'a part of the path is a file, not a directory.',
  )
})

test('refuses a dangling link and a link to a file, takes a link to a directory', () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'real'))
  writeFileSync(join(folder, 'file'), '')
  symlinkSync(join(folder, 'gone'), join(folder, 'dangling'))
  symlinkSync(join(folder, 'file'), join(folder, 'to-file'))
  symlinkSync(join(folder, 'real'), join(folder, 'to-real'))

  expect(() => check(join(folder, 'dangling'), ['a'])).toThrow(
    "is a link to something that isn't there",
  )
  expect(() => check(join(folder, 'dangling/app'), ['a'])).toThrow(
    "is a link to something that isn't there",
  )
  expect(() => check(join(folder, 'to-file'), ['a'])).toThrow('is a file')
  check(join(folder, 'to-real'), ['a'])
})

test('says in words what is wrong with links that lead in a circle', () => {
  const loop = join(freshFolder(), 'loop')
  symlinkSync(loop, loop)
  expect(() => check(loop, ['a'])).toThrow('its links lead in a circle.')
})

test('names up to three files that would be overwritten and counts the rest', () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'src'))
  const paths = ['.gitignore', 'README.md', 'package.json', 'src/a.ts', 'src/b.ts']
  for (const path of paths) writeFileSync(join(folder, path), '')

  expect(() => check(folder, ['README.md', 'new.ts'])).toThrow(
    'has files that would be overwritten: README.md.',
  )
  expect(() => check(folder, [...paths, 'new.ts'])).toThrow(
    'would be overwritten: .gitignore, README.md, package.json and 2 more.',
  )
})

test('takes names that differ only in case for the same', () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'SRC'))
  writeFileSync(join(folder, 'readme.md'), '')
  writeFileSync(join(folder, 'SRC/Router.tsx'), '')
  expect(() => check(folder, ['README.md'])).toThrow('overwritten: readme.md (by README.md).')
  expect(() => check(folder, ['src/router.tsx'])).toThrow('SRC/Router.tsx (by src/router.tsx)')
})

test('refuses a directory where the plan has a file', () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'package.json'))
  expect(() => check(folder, ['package.json'])).toThrow('package.json')
})

test('refuses a path that runs through a file or out of the target', () => {
  const folder = freshFolder()
  const target = join(folder, 'app')
  mkdirSync(join(target, 'inside'), { recursive: true })
  mkdirSync(join(folder, 'app-2'))
  writeFileSync(join(target, 'convex'), '')
  symlinkSync(join(folder, 'app-2'), join(target, 'src'))
  symlinkSync(join(folder, 'gone'), join(target, 'public'))
  symlinkSync(join(target, 'inside'), join(target, 'linked'))

  expect(() => check(target, ['convex/auth.ts'])).toThrow('is in the way')
  expect(() => check(target, ['public/a.svg'])).toThrow('is in the way')
  expect(() => check(target, ['src/router.tsx'])).toThrow('is a link that leaves the target')
  check(target, ['linked/a.ts'])
})
