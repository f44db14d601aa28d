import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkTarget } from '../../../src/repo/target.ts'
import { freshFolder, pathsIn } from './support.ts'

test('takes a target that is not there, an empty one, and one with other files', () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'empty'))
  mkdirSync(join(folder, 'mine/.git'), { recursive: true })
  mkdirSync(join(folder, 'mine/src'))
  for (const name of ['LICENSE', '.DS_Store', 'src/notes.md']) {
    writeFileSync(join(folder, 'mine', name), 'mine')
  }
  const before = pathsIn(folder)

  checkTarget(join(folder, 'not/there/yet'), ['package.json'])
  checkTarget(join(folder, 'empty'), ['package.json'])
  checkTarget(join(folder, 'mine'), ['package.json', 'src/router.tsx'])

  expect(pathsIn(folder)).toEqual(before)
})

test('refuses a file, also where a parent should be', () => {
  const folder = freshFolder()
  const file = join(folder, 'file')
  writeFileSync(file, '')
  expect(() => checkTarget(file, ['a'])).toThrow(`${file} is a file, not a directory.`)
  expect(() => checkTarget(join(file, 'app'), ['a'])).toThrow(file)
})

test('refuses a dangling link and a link to a file, takes a link to a directory', () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'real'))
  writeFileSync(join(folder, 'file'), '')
  symlinkSync(join(folder, 'gone'), join(folder, 'dangling'))
  symlinkSync(join(folder, 'file'), join(folder, 'to-file'))
  symlinkSync(join(folder, 'real'), join(folder, 'to-real'))

  expect(() => checkTarget(join(folder, 'dangling'), ['a'])).toThrow(
    "is a link to something that isn't there",
  )
  expect(() => checkTarget(join(folder, 'dangling/app'), ['a'])).toThrow(
    "is a link to something that isn't there",
  )
  expect(() => checkTarget(join(folder, 'to-file'), ['a'])).toThrow('is a file')
  checkTarget(join(folder, 'to-real'), ['a'])
})

test('names up to three files that would be overwritten and counts the rest', () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'src'))
  const paths = ['.gitignore', 'README.md', 'package.json', 'src/a.ts', 'src/b.ts']
  for (const path of paths) writeFileSync(join(folder, path), '')

  expect(() => checkTarget(folder, ['README.md', 'new.ts'])).toThrow(
    'has files that would be overwritten: README.md.',
  )
  expect(() => checkTarget(folder, [...paths, 'new.ts'])).toThrow(
    'would be overwritten: .gitignore, README.md, package.json and 2 more.',
  )
})

test('takes names that differ only in case for the same', () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'SRC'))
  writeFileSync(join(folder, 'readme.md'), '')
  writeFileSync(join(folder, 'SRC/Router.tsx'), '')
  expect(() => checkTarget(folder, ['README.md'])).toThrow('README.md')
  expect(() => checkTarget(folder, ['src/router.tsx'])).toThrow('src/router.tsx')
})

test('refuses a directory where the plan has a file', () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'package.json'))
  expect(() => checkTarget(folder, ['package.json'])).toThrow('package.json')
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

  expect(() => checkTarget(target, ['convex/auth.ts'])).toThrow('is in the way')
  expect(() => checkTarget(target, ['public/a.svg'])).toThrow('is in the way')
  expect(() => checkTarget(target, ['src/router.tsx'])).toThrow('is a link that leaves the target')
  checkTarget(target, ['linked/a.ts'])
})
