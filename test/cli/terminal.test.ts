import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { PATIENCE_MS } from '../e2e/support/patience.ts'
import { emptyFolder } from '../helpers/cli.ts'
import { fakeInstall } from '../helpers/fake-install.ts'
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
    await terminal.see('E-mail: reset and confirm, by Resend')
    // From Tailwind, which is selected, to GitHub.
    terminal.type(keys.down)
    await terminal.see('needs an OAuth app at github.com')
    terminal.type(keys.space + keys.enter)
    await terminal.see('Folder')
    await terminal.see(/With +Tailwind CSS, GitHub/)
    await terminal.see('Create it?')
    terminal.type(keys.enter)
    const { exitCode, screen } = await terminal.done
    expect(exitCode, screen).toBe(0)
    expect(screen).not.toContain('Connect it to Convex')
    expect(screen).toContain('Created shop')
    expect(screen).toContain('with Tailwind CSS and GitHub.')
    expect(existsSync(join(cwd, 'shop/convex/socialProviders.ts'))).toBe(true)
  })

  test('asks nothing that a flag said', async () => {
    const cwd = emptyFolder()
    const terminal = openTerminal(['shop', '--no-social', ...quick], { cwd })
    await terminal.see('What should it have?')
    terminal.type(keys.space + keys.enter)
    await terminal.see('Create it?')
    terminal.type('y')
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
    // No Enter: what is typed is checked as it is typed.
    terminal.type('con')
    await terminal.see('Windows reserves it')
    terminal.type('\u007f\u007f\u007f')
    terminal.type('taken')
    await terminal.see('is a file')
    terminal.type(keys.enter)
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

  test('connects to Convex only where that is wanted, and asks that alone', async () => {
    const cwd = emptyFolder()
    const args = ['shop', '--tailwind', '--no-social', '--no-email', '--no-git']
    const terminal = openTerminal(args, { cwd })
    await terminal.see('Connect it to Convex, too?')
    terminal.type('n')
    await terminal.see(/Then +install with npm\s/)
    await terminal.see('Create it?')
    terminal.type('n')
    const { exitCode, screen } = await terminal.done
    expect(exitCode, screen).toBe(130)
    expect(screen).toContain('Cancelled. Nothing was written.')
    expect(readdirSync(cwd)).toEqual([])
  })

  test('asks a line at a time where the cursor cannot move', async () => {
    const cwd = emptyFolder()
    const terminal = openTerminal(quick, { cwd, env: { TERM: 'dumb' } })
    await terminal.see('Where should the app go? (my-app)')
    terminal.type('con\n')
    await terminal.see('Windows reserves it')
    terminal.type('shop\n')
    await terminal.see('Tailwind CSS: v4, in place of plain CSS; ready for shadcn/ui? (Y/n)')
    terminal.type('n\n')
    await terminal.see('Sign-in with GitHub? (y/N)')
    terminal.type('y\n')
    await terminal.see('Sign-in with Google? (y/N)')
    terminal.type('\n')
    await terminal.see('E-mail: reset and confirm, by Resend? (y/N)')
    terminal.type('\n')
    await terminal.see('Create it? (Y/n)')
    terminal.type('\n')
    const { exitCode, screen, raw } = await terminal.done
    expect(exitCode, screen).toBe(0)
    expect(screen).toContain('with GitHub.')
    expect(raw).not.toContain('\u001b')
  })

  test('shows how long an installation takes, on one line', async () => {
    const cwd = emptyFolder()
    const bin = emptyFolder()
    writeFileSync(join(bin, 'pnpm'), `#!/bin/sh\nsleep 2.5\n${fakeInstall}\n`, { mode: 0o755 })
    const env = { PATH: [bin, process.env['PATH']].join(delimiter) }
    const args = ['shop', '--yes', '--no-git', '--pm', 'pnpm']
    const { exitCode, screen, raw } = await openTerminal(args, { cwd, env }).done
    expect(exitCode, screen).toBe(0)
    expect(screen).toMatch(/⠋ Installing with pnpm …\r.*Installing with pnpm … 1 s\r/s)
    expect(screen).toMatch(/The dependencies are installed\. It took \d+ s\./)
    // The cursor is hidden meanwhile, and there again.
    expect(raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(raw.lastIndexOf('\u001b[?25l'))
  })

  test('Ctrl-U clears the name, and what is pasted around it goes', async () => {
    const cwd = emptyFolder()
    const terminal = openTerminal(quick, { cwd })
    await terminal.see('Where should')
    terminal.type('wrong')
    await terminal.see('wrong')
    terminal.type('\u0015')
    terminal.type('  a/b')
    await terminal.see('a/b')
    terminal.type('\u0017shop ')
    await terminal.see('shop')
    terminal.type(keys.enter)
    await terminal.see('What should it have?')
    terminal.type(keys.enter)
    await terminal.see('Create it?')
    terminal.type('y')
    const { exitCode, screen } = await terminal.done
    expect(exitCode, screen).toBe(0)
    expect(readdirSync(cwd)).toEqual(['a'])
    expect(readdirSync(join(cwd, 'a'))).toEqual(['shop'])
  })

  test('a ~ at the prompt is home', async () => {
    const home = emptyFolder()
    const cwd = emptyFolder()
    const args = ['--yes', ...quick]
    const { exitCode, screen } = await openTerminal(['~/shop', ...args], {
      cwd,
      env: { HOME: home },
    }).done
    expect(exitCode, screen).toBe(0)
    expect([readdirSync(home), readdirSync(cwd)]).toEqual([['shop'], []])
  })

  test('in 40 columns the reason comes first', async () => {
    const cwd = emptyFolder()
    mkdirSync(join(cwd, 'taken'))
    writeFileSync(join(cwd, 'taken/package.json'), '')
    const terminal = openTerminal(quick, { cwd, columns: 40 })
    await terminal.see('Where should')
    terminal.type('con')
    await terminal.see('Windows reserves it for a devi')
    terminal.type('\u0015taken')
    await terminal.see('It has files that would be over')
    terminal.type(keys.ctrlC)
    expect((await terminal.done).exitCode).toBe(130)
  })

  test('a terminal that is closed during the installation takes everything back', async () => {
    const cwd = emptyFolder()
    const bin = emptyFolder()
    writeFileSync(
      join(bin, 'pnpm'),
      '#!/bin/sh\nmkdir .pnpm-store\ntouch ../started\nsleep 300\n',
      {
        mode: 0o755,
      },
    )
    const env = { PATH: [bin, process.env['PATH']].join(delimiter) }
    const args = ['shop', '--yes', '--no-git', '--pm', 'pnpm']
    const terminal = openTerminal(args, { cwd, env })
    await vi.waitUntil(() => existsSync(join(cwd, 'started')), { timeout: PATIENCE_MS })
    terminal.close()
    await vi.waitUntil(() => !existsSync(join(cwd, 'shop')), { timeout: PATIENCE_MS })
    expect(readdirSync(cwd)).toEqual(['started'])
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
