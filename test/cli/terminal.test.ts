import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyFolder } from '../helpers/cli.ts'
import { keys, openTerminal } from '../helpers/terminal.ts'

const quick = ['--no-install', '--no-git']

// `script` has other flags on macOS, and Windows has none.
describe.runIf(process.platform === 'linux')('on a terminal', () => {
  test('asks what no flag said, and takes the answers', async () => {
    const cwd = emptyFolder()
    const terminal = openTerminal(quick, { cwd })
    await terminal.see('Where should the app go?')
    terminal.type('shop')
    await terminal.see('shop')
    terminal.type(keys.enter)
    await terminal.see('What should it have?')
    await terminal.see('Google')
    // From Tailwind, which is selected, to GitHub.
    terminal.type(keys.down)
    await terminal.see('needs an OAuth app at github.com')
    terminal.type(keys.space + keys.enter)
    const { exitCode, screen } = await terminal.done
    expect(exitCode, screen).toBe(0)
    expect(screen).toContain('Created shop')
    expect(screen).toContain('with Tailwind CSS and GitHub.')
    expect(existsSync(join(cwd, 'shop/convex/socialProviders.ts'))).toBe(true)
  })

  test('asks nothing that a flag said', async () => {
    const cwd = emptyFolder()
    const terminal = openTerminal(['shop', '--no-social', ...quick], { cwd })
    await terminal.see('What should it have?')
    terminal.type(keys.space + keys.enter)
    const { exitCode, screen } = await terminal.done
    expect(exitCode, screen).toBe(0)
    expect(screen).not.toMatch(/Where should|GitHub/)
    const manifest = readFileSync(join(cwd, 'shop/package.json'), 'utf8')
    expect(manifest).not.toContain('tailwindcss')
  })

  test('asks nothing with --yes', async () => {
    const cwd = emptyFolder()
    const terminal = openTerminal(['--yes', ...quick], { cwd })
    const { exitCode, screen } = await terminal.done
    expect(exitCode, screen).toBe(0)
    expect(screen).not.toContain('?')
    expect(readdirSync(cwd)).toEqual(['my-app'])
  })

  test('says at once what speaks against a directory', async () => {
    const cwd = emptyFolder()
    writeFileSync(join(cwd, 'taken'), '')
    const terminal = openTerminal(quick, { cwd })
    await terminal.see('Where should')
    terminal.type(`con${keys.enter}`)
    await terminal.see('Windows reserves it')
    terminal.type('\u007f\u007f\u007f')
    terminal.type(`taken${keys.enter}`)
    await terminal.see('is a file')
    terminal.type(keys.ctrlC)
    expect((await terminal.done).exitCode).toBe(130)
    expect(readdirSync(cwd)).toEqual(['taken'])
  })

  test.each([
    ['Ctrl-C', keys.ctrlC],
    ['Esc', keys.escape],
  ])('%s cancels at either question', async (_, key) => {
    const cwd = emptyFolder()
    for (const args of [[], ['shop']]) {
      const terminal = openTerminal([...args, ...quick], { cwd })
      await terminal.see(args.length > 0 ? 'What should' : 'Where should')
      terminal.type(key)
      const { exitCode, screen } = await terminal.done
      expect(exitCode, screen).toBe(130)
      expect(screen).toContain('Cancelled. Nothing was written.')
      expect(screen).not.toContain('Error')
    }
    expect(readdirSync(cwd)).toEqual([])
  })

  test('ends when its input does', async () => {
    const cwd = emptyFolder()
    const terminal = openTerminal(quick, { cwd })
    await terminal.see('Where should')
    terminal.endInput()
    const { exitCode, screen } = await terminal.done
    expect(exitCode, screen).toBe(1)
    expect(screen).toContain('Standard input ended')
    expect(screen).toContain('--yes')
    expect(readdirSync(cwd)).toEqual([])
  })
})
