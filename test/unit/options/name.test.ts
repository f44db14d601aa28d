import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkDirectory, checkName, quote, resolveTarget } from '../../../src/options/name.ts'

const from = { cwd: resolve('/home/me/projects'), home: resolve('/home/me') }

describe('resolveTarget', () => {
  test.each([
    ['my-app', 'my-app'],
    ['my-app/', 'my-app'],
    ['../x', 'x'],
    ['deep/er/app', 'app'],
    ['/srv/app', 'app'],
    ['.', 'projects'],
  ])('the last part of %s is the name', (typed, name) => {
    const target = resolveTarget(typed, from)
    expect(target).toEqual({ typed, path: resolve(from.cwd, typed), name })
  })

  test('a ~ is home', () => {
    expect(resolveTarget('~/app', from).path).toBe(resolve('/home/me/app'))
    expect(resolveTarget('~app', from).name).toBe('~app')
  })
})

describe('checkDirectory', () => {
  test.each(['my-app', '../x', 'My Projects/app', '/srv/app.one_2', '.', 'a'.repeat(214)])(
    'takes %s',
    (typed) => {
      expect(checkDirectory(typed, from)).toBeUndefined()
    },
  )

  test.each([
    ['', /no name/, 'my-app'],
    ['   ', /no name/, 'my-app'],
    ['My App!', /lower-case/, 'my-app'],
    ["Mary's App", /lower-case/, 'marys-app'],
    ['café', /lower-case/, 'cafe'],
    ['../My App', /lower-case/, '../my-app'],
    ['con', /Windows reserves/, 'con-app'],
    ['NUL', /Windows reserves/, 'nul-app'],
    ['com1.txt', /Windows reserves/, undefined],
    ['app.', /Windows drops/, 'app'],
    ['http', /core module/, 'http-app'],
    ['node_modules', /not a valid package name/, 'node_modules-app'],
    ['.app', /starts with a letter or a digit/, 'app'],
    ['-app', /starts with a letter or a digit/, 'app'],
    ['_app', /starts with a letter or a digit/, 'app'],
    ['приложение', /lower-case/, undefined],
    ['我的应用', /lower-case/, undefined],
    ['a"b', /lower-case/, 'a-b'],
    ["it's", /lower-case/, 'its'],
    ['$(rm -rf x)', /lower-case/, 'rm-rf-x'],
    ['`id`', /lower-case/, 'id'],
    ['a\nb', /line break/, 'a-b'],
    ['a\u0000b', /control character/, 'a-b'],
    ['a\u001b[31mb', /control character/, 'a-31mb'],
    ['x\n/app', /line break/, undefined],
    ['a'.repeat(300), /300 characters, and npm allows 214/, undefined],
    ['/', /it is empty/, undefined],
  ])('refuses %j', (typed, message, suggestion) => {
    const problem = checkDirectory(typed, from)
    expect(problem?.message).toMatch(message)
    expect(problem?.suggestion).toBe(suggestion)
  })

  test('every suggestion passes', () => {
    for (const typed of ['My App!', 'con', 'http', '.x', 'é è', 'a\nb']) {
      const { suggestion = '' } = checkDirectory(typed, from) ?? {}
      expect(checkName(suggestion)).toBeUndefined()
    }
  })

  test("a message can't disturb the terminal", () => {
    const { message = '' } = checkDirectory('a\u001b[2J\u009b\nb', from) ?? {}
    // oxlint-disable-next-line no-control-regex -- control characters are the point
    expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
  })
})

test('quote shortens what would fill the screen', () => {
  expect(quote('a'.repeat(300))).toHaveLength(60)
})
