import { describe, expect, test } from 'vitest'
import { requireBrowser, sourcesFor, type Getting } from '../../e2e/support/browser.ts'
import { findBrowser, type Machine } from '../../e2e/support/find-browser.ts'

const machine = (there: string[], changes: Partial<Machine>): Machine => ({
  platform: 'linux',
  env: { PATH: '/usr/local/bin:/usr/bin' },
  home: '/home/ada',
  exists: (path) => there.includes(path),
  downloaded: '/home/ada/.cache/ms-playwright/chrome',
  ...changes,
})

const windows = {
  platform: 'win32',
  env: { ProgramFiles: 'C:\\Program Files', LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' },
} as const

describe('finds the browser that is there', () => {
  test.each<[string, Partial<Machine>]>([
    ['/usr/bin/chromium', {}],
    ['/usr/bin/google-chrome-stable', {}],
    ['/usr/local/bin/microsoft-edge', {}],
    ['/snap/bin/chromium', { env: { PATH: '/usr/bin:/snap/bin' } }],
    ['/home/ada/.cache/ms-playwright/chrome', {}],
    ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', { platform: 'darwin' }],
    [
      '/Users/ada/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
      { platform: 'darwin', home: '/Users/ada' },
    ],
    ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', windows],
    ['C:\\Users\\ada\\AppData\\Local\\Microsoft\\Edge\\Application\\msedge.exe', windows],
  ])('%s', (path, changes) => {
    expect(findBrowser(machine([path], changes))).toBe(path)
  })

  test('one that is installed comes before one that Playwright downloaded', () => {
    const there = ['/home/ada/.cache/ms-playwright/chrome', '/usr/bin/chromium']
    expect(findBrowser(machine(there, {}))).toBe('/usr/bin/chromium')
  })

  test('none', () => expect(findBrowser(machine([], {}))).toBeUndefined())
})

describe('gets a browser where none is', () => {
  /** A machine on which the commands of these programs work, and the last of them brings a browser. */
  function getting(works: readonly string[], { isRoot = true, isDebian = true } = {}) {
    const [ran, told]: [string[], string[]] = [[], []]
    const made: Getting = {
      find: () => (ran.includes(works.at(-1) ?? 'nothing') ? '/some/chromium' : undefined),
      sources: sourcesFor({ isRoot, isDebian }),
      run: (command) => {
        const name = command.slice(-2).join(' ')
        if (!works.includes(name)) throw new Error(`${name} can't be reached`)
        ran.push(name)
      },
      say: (text) => void told.push(text),
    }
    return { made, ran, told }
  }
  const DOWNLOAD = 'install chromium'
  const APT = '--no-install-recommends chromium'

  test('by Playwright, with the libraries that only root can install', () => {
    const { made, ran, told } = getting([DOWNLOAD, 'install-deps chromium'])
    requireBrowser(made)
    expect(ran).toEqual([DOWNLOAD, 'install-deps chromium'])
    expect(told).toEqual([expect.stringContaining("getting Playwright's Chromium")])
  })

  test('by apt-get, where Playwright has no way out', () => {
    const { made, ran, told } = getting(['update -qq', APT])
    requireBrowser(made)
    expect(ran).toEqual(['update -qq', APT])
    expect(told).toHaveLength(2)
  })

  test.each([
    { isRoot: false, isDebian: true },
    { isRoot: true, isDebian: false },
  ])('never by apt-get with %j; says what was tried, and what to do', (who) => {
    const { made, ran } = getting(['update -qq', APT], who)
    expect(() => requireBrowser(made)).toThrow(
      /Install Chrome, Chromium or Edge, or set CHROMIUM.*\nPlaywright's Chromium: .* can't be reached/,
    )
    expect(ran).toEqual([])
  })

  test('does nothing where one is', () => {
    const { made, ran, told } = getting([])
    requireBrowser({ ...made, find: () => '/usr/bin/chromium' })
    expect([...ran, ...told]).toEqual([])
  })
})
