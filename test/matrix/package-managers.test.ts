import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { emptyFolder } from '../helpers/cli.ts'
import { complaints, pathFor, run, runWell } from '../helpers/run.ts'

interface Case {
  readonly name: string
  readonly pm: string
  /** The package manager itself, from the npm registry; npm is there. */
  readonly packages: readonly string[]
  readonly flags: readonly string[]
  /** What it says of packages of others, which nothing in the repository can mend. */
  readonly upstream?: RegExp
}

const CASES: readonly Case[] = [
  {
    name: 'npm',
    pm: 'npm',
    packages: [],
    flags: ['--tailwind', '--social', 'github,google'],
  },
  {
    name: 'pnpm',
    pm: 'pnpm',
    packages: ['pnpm@12.21.0'],
    flags: ['--tailwind', '--no-social'],
  },
  {
    name: 'Yarn 4',
    pm: 'yarn',
    packages: ['@yarnpkg/cli-dist@4.18.1'],
    flags: ['--no-tailwind', '--social', 'google'],
  },
  {
    name: 'Yarn 1',
    pm: 'yarn',
    packages: ['yarn@1.22.22'],
    flags: ['--tailwind', '--social', 'github'],
    // Peers that are there, but deeper than Yarn 1 looks; and vitefu's package.json.
    upstream:
      /^warning (?:"[^"]*@tanstack\/\S+" has unmet peer dependency "@tanstack\/(?:query|router)-core@|Workspaces can only be enabled in private projects\.$)/,
  },
  {
    name: 'Bun',
    pm: 'bun',
    packages: ['bun@1.4.5'],
    flags: ['--no-tailwind', '--no-social'],
  },
]

test.for(CASES)(
  '$name installs without a word of complaint, and the repository is green',
  async ({ pm, packages, flags, upstream }, { skip }) => {
    const env = { PATH: await pathFor(...packages) }
    const folder = emptyFolder()
    const cwd = join(folder, 'my-app')
    const fixed = ['--pm', pm, '--no-git', '--yes', '--verbose']
    const { exitCode, output } = await run(
      process.execPath,
      [inject('installed').bin, 'my-app', ...flags, ...fixed],
      { cwd: folder, env },
    )
    // Yarn resolves the optional packages of every platform, needed or not.
    const lacking = pm === 'yarn' && lacksAPlatform(output)
    if (lacking) skip(`this registry lacks ${lacking}, which yarn insists on`)

    expect(output).toContain(`Installing with ${pm} …`)
    expect(output).toContain('The dependencies are installed.')
    expect(complaints(output).filter((line) => !upstream?.test(line))).toEqual([])
    expect(exitCode).toBe(0)
    for (const script of ['typecheck', 'lint', 'test', 'build']) {
      await runWell(pm, ['run', script], { cwd, env })
    }
  },
)

const lacksAPlatform = (output: string) =>
  /(?:any versions for "|YN0082: │ )(@?[\w-]+(?:\/[\w-]+)?)/.exec(output)?.[1]

test.each(['pnpm@9', 'pnpm@10', 'pnpm@12.21.0'])('%s can be used in the app', async (version) => {
  const env = { PATH: await pathFor(version) }
  const folder = emptyFolder()
  const flags = ['--yes', '--no-install', '--no-git', '--pm', 'pnpm']
  await runWell(process.execPath, [inject('installed').bin, 'app', ...flags], {
    cwd: folder,
    env,
  })
  const cwd = join(folder, 'app')
  expect(await runWell('pnpm', ['run'], { cwd, env })).toContain('typecheck')
})

test('the generated CI installs with a frozen lockfile', async () => {
  const env = { PATH: await pathFor() }
  const folder = emptyFolder()
  const flags = ['--yes', '--no-install', '--no-git', '--pm', 'bun']
  await runWell(process.execPath, [inject('installed').bin, 'app', ...flags], {
    cwd: folder,
    env,
  })
  const ci = readFileSync(join(folder, 'app/.github/workflows/ci.yml'), 'utf8')
  expect(ci).toContain('run: bun install --frozen-lockfile')
})

test('what it says below a pnpm workspace lets the workspace install', async () => {
  const env = { PATH: await pathFor('pnpm@12.21.0') }
  const root = emptyFolder()
  const workspace = join(root, 'pnpm-workspace.yaml')
  writeFileSync(workspace, 'packages:\n  - apps/*\n')
  writeFileSync(join(root, 'package.json'), '{ "name": "root", "private": true }')
  mkdirSync(join(root, 'apps'))
  const flags = ['--yes', '--no-install', '--no-git', '--pm', 'pnpm']
  const create = [inject('installed').bin, 'my-app', ...flags]
  const stdout = await runWell(process.execPath, create, { cwd: join(root, 'apps'), env })

  const before = await run('pnpm', ['install'], { cwd: root, env })
  expect(before.exitCode).toBe(1)
  expect(before.output).toContain('ERR_PNPM_IGNORED_BUILDS')

  expect(stdout).toContain(`add this to ${workspace}:`)
  const [, advice = ''] = /yaml:\n((?: +\S.*\n)+)/.exec(stdout) ?? []
  appendFileSync(workspace, advice.replace(/^ {6}/gm, ''))
  await runWell('pnpm', ['install'], { cwd: root, env })
  await runWell('pnpm', ['run', 'typecheck'], { cwd: join(root, 'apps/my-app'), env })
})
