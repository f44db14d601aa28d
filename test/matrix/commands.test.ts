import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'dotenv'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startDeployment, type Deployment } from '../deployment/server.ts'
import { pathFor } from '../helpers/run.ts'
import {
  commandsOf,
  copyableLines,
  generate,
  treeOf,
  withoutSecret,
  type Printed,
} from './commands/generated.ts'
import { sh, shAtTerminal } from './commands/shell.ts'
import { cmdArgv, powerShellArgv, shArgv } from './commands/shells.ts'

const home = realpathSync(mkdtempSync(join(tmpdir(), 'commands-')))
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }))

/** What differs in the printed commands. */
const PROVIDERS: readonly (readonly [name: string, ...flags: string[]])[] = [
  ['plain', '--no-social'],
  ['github', '--social', 'github'],
  ['all', '--social', 'github,google', '--email'],
]
const PACKAGE_MANAGERS = ['npm', 'pnpm', 'yarn', 'bun']
const FIXED = ['--no-tailwind', '--no-install', '--no-git', '--yes']

const CASES = PACKAGE_MANAGERS.flatMap((pm) =>
  PROVIDERS.map(([providers, ...flags]) => ({
    pm,
    providers,
    args: [providers, '--pm', pm, ...flags, ...FIXED],
  })),
)

const printedBy = async (cwd: string, args: readonly string[]) =>
  JSON.parse(await generate({ cwd, args: [...args, '--json'] })) as Printed

describe.each(CASES)('$pm, $providers', ({ pm, providers, args }) => {
  let printed: Printed
  beforeAll(async () => {
    printed = await printedBy(join(home, pm), args)
  })

  test('the report holds the commands of --json, line for line', async () => {
    const report = await generate({ cwd: join(home, pm, 'report'), args })
    expect(copyableLines(withoutSecret(report))).toEqual(commandsOf(printed).map(withoutSecret))
  })

  test('PowerShell and cmd read every command as sh does', () => {
    for (const command of commandsOf(printed)) {
      const argv = shArgv(command)
      expect(powerShellArgv(command), command).toEqual(argv)
      expect(cmdArgv(command), command).toEqual(argv)
    }
  })

  test('the command that repeats the run makes the same repository', async () => {
    const [program, create, generator, ...rest] = shArgv(printed.repeat)
    expect([program, create, generator]).toEqual([
      pm,
      'create',
      `start-convex-auth@${printed.version}`,
    ])
    // npm takes the first `--` for itself.
    const own = pm === 'npm' ? rest.filter((word) => word !== '--') : rest
    const cwd = join(home, pm, 'again')
    await generate({ cwd, args: own })
    const again = treeOf(join(cwd, providers))
    expect(mapValues(again, withoutSecret)).toEqual(
      mapValues(treeOf(join(home, pm, providers)), withoutSecret),
    )
    expect(again['.env.convex']).toMatch(/[0-9a-f]{64}/)
  })
})

test.each(['two words/my-app', "it's (1) & more/my-app", '../up/my-app'])(
  'every shell reads a directory such as %s',
  async (directory) => {
    const cwd = join(home, 'here')
    const args = [directory, '--pm', 'npm', '--no-social', ...FIXED]
    const printed = await printedBy(cwd, args)
    expect(shArgv(printed.next[0]?.commands[0] ?? '')).toEqual(['cd', directory])
    expect(shArgv(printed.repeat)).toContain(directory)
    for (const command of commandsOf(printed)) {
      expect(powerShellArgv(command), command).toEqual(shArgv(command))
      expect(cmdArgv(command), command).toEqual(shArgv(command))
    }
  },
)

/** Whatever a shell, a `.env` file, a URL or JSON could trip over. */
const AWKWARD: Readonly<Record<string, string>> = {
  GITHUB_CLIENT_ID: `a=b=="c" 'd' \`e\` $HOME $(id) \\ \\n # %PATH% ! & | ; ключ 🔑`,
  GITHUB_CLIENT_SECRET: '-n --force',
  GOOGLE_CLIENT_ID: '"quoted" ${x} {} [*] ?',
  GOOGLE_CLIENT_SECRET: `--prod='$x' ^ < > ~`,
  RESEND_API_KEY: 're_$HOME_`id`',
  EMAIL_FROM: `The "App" <hello@mail.app.example>`,
}

// Yarn can't install from a registry that lacks some platform's packages. All that is printed for
// one provider is printed for both.
const RUNNABLE = CASES.filter(({ pm, providers }) => pm !== 'yarn' && providers !== 'github')
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  pnpm: ['pnpm@12.21.0'],
  bun: ['bun@1.4.5'],
}

describe('the real Convex CLI', () => {
  let deployment: Deployment
  beforeAll(async () => {
    const parent = join(home, 'run')
    await printedBy(parent, ['npm-home', ...FIXED, '--no-social'])
    const appDir = join(parent, 'npm-home')
    deployment = await startDeployment({ appDir, functions: false })
    // One installation above the repositories serves those of npm.
    cpSync(join(appDir, 'package.json'), join(parent, 'package.json'))
    const env = { PATH: await pathFor() }
    const ended = await sh('npm install --no-audit --prefer-offline', {
      cwd: parent,
      env,
    })
    expect(ended.exitCode, ended.output).toBe(0)
  })
  afterAll(() => deployment.stop())
  beforeEach(() => forget(deployment))

  const environment = async (pm: string) => ({
    PATH: await pathFor(...(PROGRAMS[pm] ?? [])),
    CONVEX_DEPLOYMENT: undefined,
    CONVEX_SELF_HOSTED_URL: deployment.url,
    CONVEX_SELF_HOSTED_ADMIN_KEY: deployment.adminKey,
    CI: '1',
  })

  test.each(RUNNABLE)('does what is printed: $pm, $providers', async ({ pm, providers, args }) => {
    const name = `${pm}-${providers}`
    const parent = join(home, 'run')
    const printed = await printedBy(parent, [name, ...args.slice(1)])
    const env = await environment(pm)
    const cwd = join(parent, name)
    const well = async (command: string, input = '') => {
      const ended = await sh(command, { cwd, env, input })
      expect(ended.exitCode, `${command}\n${ended.output}`).toBe(0)
    }
    const [goThere, install, init, fromFile, dev] = printed.next.map(
      ({ commands: [command = ''] }) => command,
    )
    const there = await sh(`${goThere} && pwd`, { cwd: parent, env })
    expect(there.output).toBe(`${cwd}\n`)
    // npm's dependencies are above; the browser tests run `npm run dev`.
    if (pm !== 'npm') await well(`${install}`)
    expect(dev).toBe(`${pm} run dev`)
    await well(`${init}`)

    const file = parse(readFileSync(join(cwd, '.env.convex')))
    await well(`${fromFile}`)
    expect(Object.fromEntries(deployment.env)).toEqual(file)

    await forget(deployment)
    for (const command of printed.variables) await well(command)
    expect(Object.fromEntries(deployment.env)).toEqual(file)

    const asked = [...printed.providers, ...printed.services].flatMap(({ commands }) => commands)
    const values = Object.fromEntries(
      asked.map((command) => {
        const variable = command.split(' ').at(-1) ?? ''
        return [variable, AWKWARD[variable] ?? '']
      }),
    )
    const inputs = Object.values(values)
    for (const [index, command] of asked.entries()) {
      await well(command, inputs[index])
    }
    expect(Object.fromEntries(deployment.env)).toEqual({ ...file, ...values })

    // The other combinations print some of these, and nothing else.
    if (providers !== 'all') return
    // A self-hosted deployment has no `--prod`: the CLI has read the command, and says so.
    const refused = await Promise.all(
      printed.production.map((command) => sh(command, { cwd, env })),
    )
    for (const { output } of refused) {
      expect(output).toContain('cannot be used with a self-hosted deployment')
    }
  })

  test('asks for a value at a terminal, and keeps it as it was typed', async () => {
    const args = ['--pm', 'npm', '--social', 'github', ...FIXED]
    const printed = await printedBy(join(home, 'run'), ['terminal', ...args])
    const [command = ''] = printed.providers[0]?.commands ?? []
    const env = { ...(await environment('npm')), CI: undefined }
    const answer = AWKWARD['GITHUB_CLIENT_ID'] ?? ''
    const { exitCode, output } = await shAtTerminal(
      command,
      { cwd: join(home, 'run/terminal'), env },
      { prompt: /GITHUB_CLIENT_ID/, answer },
    )
    expect(exitCode, output).toBe(0)
    expect(deployment.env.get('GITHUB_CLIENT_ID')).toBe(answer)
  })
})

/** Removes every variable of the deployment. */
async function forget({ url, adminKey, env }: Deployment): Promise<void> {
  const changes = [...env.keys()].map((name) => ({ name, value: null }))
  const response = await fetch(`${url}/api/update_environment_variables`, {
    method: 'POST',
    headers: { authorization: `Convex ${adminKey}` },
    body: JSON.stringify({ changes }),
  })
  expect(response.ok).toBe(true)
}

function mapValues<T>(
  values: Readonly<Record<string, T>>,
  change: (value: T) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]))
}
