import { describe, expect, test } from 'vitest'
import type { Plan } from '../../../src/plan/types.ts'
import { dryRunReport, listFiles } from '../../../src/report/dry-run.ts'
import { errorDocument, errorReport } from '../../../src/report/error.ts'
import { repeatCommand } from '../../../src/report/repeat.ts'
import { portablePath, portableWord } from '../../../src/shell.ts'
import { styleFor, wantsColors } from '../../../src/report/style.ts'

const plain = styleFor(false)

describe('repeatCommand', () => {
  const options = {
    directory: 'apps/my-app',
    tailwind: true,
    social: ['github', 'google'],
    email: true,
    layer: ['./my layer'],
    pm: 'npm',
    install: true,
    git: false,
    port: 4000,
    setup: true,
  } as const

  test('says every answer', () => {
    expect(repeatCommand(options, 'my-app', '1.2.3')).toBe(
      'npm create start-convex-auth@1.2.3 apps/my-app -- --tailwind --social "github,google" --email --layer "./my layer" --pm npm --install --no-git --port 4000 --setup',
    )
  })

  test.each(['pnpm', 'yarn', 'bun'] as const)('%s needs no --', (pm) => {
    const command = repeatCommand(
      { ...options, pm, tailwind: false, social: [], email: false, layer: [] },
      'my-app',
      '1.2.3',
    )
    expect(command).toMatch(
      new RegExp(
        `^${pm} create start-convex-auth.* apps/my-app --no-tailwind --no-social --no-email --pm ${pm} `,
      ),
    )
  })

  test('names the app where its path has no form for every shell', () => {
    expect(repeatCommand({ ...options, directory: '$HOME/my-app' }, 'my-app', '1')).toContain(
      '@1 my-app -- ',
    )
  })
})

test.each([
  ['my-app', 'my-app'],
  ['../a/b.c_d', '../a/b.c_d'],
  ['a b', '"a b"'],
  ['@scope/x', '"@scope/x"'],
  ['a&b', '"a&b"'],
  ['a$b', undefined],
  ['a"b', undefined],
  ['a`b', undefined],
  ['%PATH%', undefined],
  ['', undefined],
])('%j is %j in every shell', (word, portable) => {
  expect(portableWord(word)).toBe(portable)
})

test('a Windows path is written with slashes, a POSIX name with a backslash stays', () => {
  expect(portablePath('..\\a\\b', '\\')).toBe('../a/b')
  expect(portablePath('a\\b', '/')).toBe('a\\b')
})

test('a dry run lists size and owners of every file, and the totals', () => {
  const plan: Plan = new Map([
    ['a.ts', { content: 'é', mode: 0o644, from: ['base', 'social'] }],
    ['b.png', { content: new Uint8Array(12345), mode: 0o644, from: ['base'] }],
  ])
  const text = dryRunReport('my-app', listFiles(plan), ['Look out.'], plain)
  expect(text).toBe(
    [
      'Would create my-app:',
      '',
      '  a.ts        2  base + social',
      '  b.png  12 345  base',
      '',
      '2 files, 12 347 bytes. Nothing was written.',
      '',
      'Note  Look out.',
      '',
    ].join('\n'),
  )
})

describe('errors', () => {
  test('say what is wrong and what mends it', () => {
    const failure = { message: 'It broke.', fix: 'Mend\nit.', exitCode: 1 }
    expect(errorReport(failure, plain)).toBe('Error  It broke.\n       Mend\n       it.\n')
    expect(errorDocument(failure)).toEqual({
      error: { message: 'It broke.', fix: 'Mend\nit.', exitCode: 1 },
    })
  })

  test('show a stack only where one was asked for', () => {
    const failure = { message: 'x', exitCode: 1, stack: 'at y' }
    expect(errorReport(failure, plain)).toContain('at y')
    expect(errorDocument(failure)).toMatchObject({ error: { stack: 'at y' } })
  })

  test("cancelling isn't an error", () => {
    expect(errorReport({ message: 'Cancelled.', exitCode: 130 }, plain)).not.toContain('Error')
  })
})

test.each([
  [undefined, {}, true, true],
  [undefined, {}, false, false],
  [undefined, { NO_COLOR: '1' }, true, false],
  [undefined, { NO_COLOR: '' }, true, true],
  [undefined, { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  [undefined, { FORCE_COLOR: '0' }, true, false],
  [undefined, { TERM: 'dumb' }, true, false],
  [false, { FORCE_COLOR: '1' }, true, false],
  [true, { NO_COLOR: '1' }, false, true],
])('--color %s, %j, a terminal: %s → %s', (flag, env, terminal, colors) => {
  expect(wantsColors(flag, env, terminal)).toBe(colors)
})
