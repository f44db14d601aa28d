import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli, emptyFolder, start } from '../helpers/cli.ts'
import { noDeployment } from '../helpers/repository.ts'
import { fakeInstall } from '../helpers/fake-install.ts'

const plain = ['app', '--no-tailwind', '--no-social', '--pm', 'pnpm']
const identity = '[user]\nname = Ada\nemail = ada@example.com\n'

/** A folder with a program that PATH finds first: a package manager of ours. */
function withProgram(name: string, script: string) {
  const bin = emptyFolder()
  const config = join(bin, 'gitconfig')
  writeFileSync(config, identity)
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(bin, name), 0o755)
  return {
    PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter),
    GIT_CONFIG_GLOBAL: config,
    GIT_CONFIG_NOSYSTEM: '1',
  }
}

/** Waits until a file is there: another process makes it. */
async function appears(path: string): Promise<void> {
  while (!existsSync(path)) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

// The programs in these tests are shell scripts.
describe.runIf(process.platform !== 'win32')('sets up', () => {
  test('installs and makes the first commit', async () => {
    const cwd = emptyFolder()
    const env = withProgram('pnpm', `echo noise; ${fakeInstall}; echo "$@" > pnpm-lock.yaml`)
    const run = await cli(plain, { cwd, env })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(run.stdout).toContain('The dependencies are installed.')
    expect(run.stdout).toContain('The first commit is made.')
    expect(run.stdout).not.toMatch(/noise|pnpm install/)
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: join(cwd, 'app'), encoding: 'utf8' })
    const committed = git('ls-files').split('\n')
    expect(committed).toContain('pnpm-lock.yaml')
    expect(committed).toContain('convex/auth.ts')
    expect(committed).not.toContain('.env.convex')
    expect(git('status', '--porcelain')).toBe('')
  })

  test('the set-up that goes on makes the commit that --git asks for', async () => {
    const cwd = emptyFolder()
    const env = { ...withProgram('pnpm', fakeInstall), ...noDeployment }
    await cli([...plain, '--no-install', '--no-git'], { cwd, env })
    const { stderr } = await cli([...plain, '--setup', '--git'], { cwd, env })
    expect(stderr).toMatch(/Done: the files, the dependencies, the first commit\.[^]*\n +cd app\n/)
    expect(existsSync(join(cwd, 'app/.git'))).toBe(true)
    // Somebody's clone has one from the start: the same command goes on there.
    const again = await cli([...plain, '--setup', '--no-git'], { cwd, env })
    expect(again.exitCode).toBe(1)
    expect(again.stderr).toContain('Done: the files, the dependencies.')
  })

  test("the lockfile is in the commit, whatever the user's own gitignore hides", async () => {
    const cwd = emptyFolder()
    const env = withProgram('pnpm', 'mkdir node_modules; touch pnpm-lock.yaml')
    writeFileSync(join(cwd, 'ignore'), '*-lock.yaml\n')
    appendFileSync(env.GIT_CONFIG_GLOBAL, `[core]\nexcludesFile = ${join(cwd, 'ignore')}\n`)
    expect(await cli(plain, { cwd, env })).toMatchObject({ exitCode: 0 })
    const committed = execFileSync('git', ['ls-files'], { cwd: join(cwd, 'app'), encoding: 'utf8' })
    expect(committed).toContain('pnpm-lock.yaml')
  })

  test("--verbose shows the installer's output, off standard output", async () => {
    const env = withProgram('pnpm', `echo noise; ${fakeInstall}`)
    const run = await cli([...plain, '--verbose', '--json'], {
      cwd: emptyFolder(),
      env,
    })
    expect(run).toMatchObject({ exitCode: 0, stderr: 'noise\n' })
    expect(JSON.parse(run.stdout)).toMatchObject({
      installed: true,
      committed: true,
    })
  })

  test('what a setting left out is named, and not called installed', async () => {
    const left = `${fakeInstall}; rm -r node_modules/vite node_modules/vitest`
    const env = withProgram('pnpm', left)
    const { exitCode, stdout } = await cli(plain, { cwd: emptyFolder(), env })
    expect(exitCode).toBe(0)
    expect(stdout).not.toContain('The dependencies are installed')
    expect(stdout).toMatch(/Note {2}`pnpm install` left out vite, vitest: a setting of pnpm/)
    expect(stdout).toContain('Install the dependencies\n   pnpm install\n')
  })

  test('a failed installation leaves the app and says how to go on', async () => {
    const cwd = emptyFolder()
    const env = withProgram('pnpm', 'echo no such version >&2; exit 7')
    const run = await cli(plain, { cwd, env })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('no such version')
    expect(run.stderr).toContain('`pnpm install` ended with exit code 7')
    expect(run.stderr).toMatch(/\n +cd app\n +pnpm install\n/)
    expect(existsSync(join(cwd, 'app/package.json'))).toBe(true)
  })

  test('of a full disk the reason is said, and the last lines', async () => {
    const cwd = emptyFolder()
    const env = withProgram(
      'pnpm',
      'for i in $(seq 12484); do echo "npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write $i"; done; exit 228',
    )
    const run = await cli(plain, { cwd, env })
    expect(run.exitCode).toBe(1)
    expect(run.stderr.split('\n').length).toBeLessThan(45)
    expect(run.stderr).toContain('write 12484\n')
    expect(run.stderr).toContain('(12454 lines more before these; --verbose shows everything.)')
    expect(run.stderr).toContain('The disk is full: free some space.')
    const bun = withProgram('pnpm', 'echo "error: NoSpaceLeft: failed to link" >&2; exit 1')
    const other = await cli(['two', ...plain.slice(1)], { cwd, env: bun })
    expect(other.stderr).toContain('The disk is full: free some space.')
  })

  test('a package manager that is not there is named', async () => {
    const cwd = emptyFolder()
    const run = await cli(plain, { cwd, env: { PATH: emptyFolder() } })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain("pnpm isn't on the PATH")
    expect(existsSync(join(cwd, 'app/package.json'))).toBe(true)
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const)('%s while installing takes everything back', async (signal, exitCode) => {
    const cwd = emptyFolder()
    mkdirSync(join(cwd, 'app'))
    writeFileSync(join(cwd, 'app/LICENSE'), 'mine')
    const env = withProgram(
      'pnpm',
      'mkdir -p node_modules/x; touch pnpm-lock.yaml; sleep 300 & touch ../started; wait',
    )
    const { child, done } = start(plain, { cwd, env })
    await appears(join(cwd, 'started'))
    child.kill(signal)
    // The run ends only when all that it started has: sleep holds its pipe.
    const run = await done
    expect(run.stderr).toContain('Cancelled. What this run had written')
    expect(run.exitCode).toBe(exitCode)
    expect(readdirSync(join(cwd, 'app'))).toEqual(['LICENSE'])
  })

  test('what cannot be removed after Ctrl-C is named, and the rest goes', async () => {
    const cwd = emptyFolder()
    chmodSync(cwd, 0o777)
    const env = withProgram(
      'pnpm',
      'mkdir -p node_modules/a/kept node_modules/b; touch node_modules/a/kept/file node_modules/b/file; chmod 555 node_modules/a/kept; touch ../started; sleep 300',
    )
    chmodSync(dirname(env.GIT_CONFIG_GLOBAL), 0o755)
    // To root, nothing is forbidden.
    const uid = process.getuid?.() === 0 ? 65534 : undefined
    const { child, done } = start(plain, { cwd, env, ...(uid !== undefined && { uid }) })
    await appears(join(cwd, 'started'))
    child.kill('SIGINT')
    const run = await done
    chmodSync(join(cwd, 'app/node_modules/a/kept'), 0o755)
    expect(run.stderr).toContain('removed, but for:\n')
    expect(run.stderr).toContain(join(cwd, 'app/node_modules/a/kept/file'))
    expect(run.stderr).not.toMatch(/mistake|bug/)
    expect(run.exitCode).toBe(130)
    expect(readdirSync(join(cwd, 'app'), { recursive: true })).toEqual([
      'node_modules',
      'node_modules/a',
      'node_modules/a/kept',
      'node_modules/a/kept/file',
    ])
  })

  test('what is a file by now where a folder was is not called left', async () => {
    const cwd = emptyFolder()
    const env = withProgram('pnpm', 'rm -r convex; touch convex ../started; sleep 300')
    const { child, done } = start(plain, { cwd, env })
    await appears(join(cwd, 'started'))
    child.kill('SIGINT')
    expect((await done).stderr).toContain('What this run had written was removed.\n')
  })

  test('what was there before an installation stays', async () => {
    const cwd = emptyFolder()
    mkdirSync(join(cwd, 'app/node_modules/mine'), { recursive: true })
    const env = withProgram('pnpm', 'touch ../started; sleep 300')
    const { child, done } = start(plain, { cwd, env })
    await appears(join(cwd, 'started'))
    child.kill('SIGINT')
    expect((await done).exitCode).toBe(130)
    expect(existsSync(join(cwd, 'app/node_modules/mine'))).toBe(true)
    expect(existsSync(join(cwd, 'app/package.json'))).toBe(false)
  })
})
