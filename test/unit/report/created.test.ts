import { describe, expect, test } from 'vitest'
import { createdReport } from '../../../src/report/created.ts'
import { styleFor } from '../../../src/report/style.ts'
import { created } from './created-fixture.ts'

/** The lines that can be copied: indented, and a program's name first. */
function commandsIn(report: string): string[] {
  return report
    .split('\n')
    .filter((line) => /^ {3}(cd|npx|npm|pnpm|yarn|bun|bunx) /.test(line))
    .map((line) => line.trim())
}

function report(changes: Partial<typeof created> = {}, colors = false) {
  return createdReport({ ...created, ...changes }, styleFor(colors))
}

describe('createdReport', () => {
  test('gives every command, in the order of use', () => {
    expect(commandsIn(report())).toEqual([
      'cd my-app',
      'npm install',
      'npx convex init',
      'npx convex env set --from-file .env.convex',
      'npm run dev',
      'npx convex env set GITHUB_CLIENT_ID',
      'npx convex env set GITHUB_CLIENT_SECRET',
      'npx convex env set SITE_URL http://localhost:3000',
      `npx convex env set BETTER_AUTH_SECRET ${'ab'.repeat(32)}`,
      'npx convex env set --prod SITE_URL https://your-site.example',
      'npx convex env set --prod BETTER_AUTH_SECRET',
      'npx convex env set --prod GITHUB_CLIENT_ID',
      'npx convex env set --prod GITHUB_CLIENT_SECRET',
      created.repeat,
    ])
  })

  test('a command reads the same in sh, PowerShell and cmd', () => {
    for (const command of commandsIn(report({ path: 'My Projects/x' }))) {
      expect(command).not.toMatch(/&&|[$\\'`;|<>%!]/)
      expect(command).not.toMatch(/^[A-Z_]+=/)
    }
  })

  test('leaves out what is done', () => {
    const commands = commandsIn(report({ installed: true, path: '' }))
    expect(commands[0]).toBe('npx convex init')
  })

  test('quotes a path with a space, and says it where no quotes would do', () => {
    expect(report({ path: 'My Projects/x' })).toContain('cd "My Projects/x"')
    const odd = report({ path: '$(id)/x' })
    expect(commandsIn(odd)).not.toContainEqual(expect.stringMatching(/^cd/))
    expect(odd).toContain('Go to $(id)/x')
  })

  test('says what was made, where to register and what to look out for', () => {
    const text = report({ warnings: ['The app needs Node 22.12.'] })
    expect(text).toContain('Created my-app: 63 files, with Tailwind CSS, GitHub and Google.')
    expect(text).toContain('https://provider.example/apps/new')
    expect(text).toContain('http://localhost:3000/api/auth/callback/github')
    expect(text).toContain('Note  The app needs Node 22.12.')
  })

  test('says nothing of providers when there are none', () => {
    const text = report({ providers: [], features: [] })
    expect(text).toContain('Created my-app: 63 files.')
    expect(text).not.toMatch(/Sign-in with|asks for its value/)
  })

  test('fits 80 columns, but for the commands with a secret or a whole run', () => {
    const long = report({ repeat: '' })
      .split('\n')
      .filter((line) => line.length > 80)
    expect(long).toEqual([expect.stringContaining('BETTER_AUTH_SECRET ab')])
  })

  test('colours change nothing but colours', () => {
    const colored = report({}, true)
    expect(colored).toContain('\u001b[')
    // oxlint-disable-next-line no-control-regex -- escape sequences are the point
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(report())
  })
})
