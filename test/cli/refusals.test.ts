import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { cli, emptyFolder } from '../helpers/cli.ts'

const plain = ['--no-tailwind', '--no-social', '--no-install', '--no-git']

// The rules themselves: test/unit/options/{name,parse}.test.ts.
describe('refuses, and writes nothing', () => {
  test.each<[string, string[], RegExp]>([
    ['an empty name', [''], /no name.*\n.*my-app/],
    ['an empty name beside --name', ['', '--name', 'x'], /no name.*\n.*Try my-app\.\n/],
    ['a name for people', ['My App!'], /"My App!".*\n.*Try my-app\./],
    ["a device's name", ['con'], /Windows.*\n.*Try con-app\./],
    ['a long name', ['a'.repeat(300)], /300 characters/],
    ['a non-Latin name', ['приложение'], /lower-case a-z/],
    ['a name of which nothing is left', ['приложение'], /\n.*folder's name: --name my-app/],
    ['the home of somebody', ['~ada/app'], /Only a shell knows what "~ada" stands for\.\n.*whole/],
    ['a variable', ['$HOME/app'], /Only a shell knows what "\$HOME" stands for/],
    ['a leading dot', ['.app'], /letter or a digit.*\n.*Try app\./],
    ['a core module', ['http'], /core module/],
    ['quotes', ['a"b\'c'], /lower-case/],
    ['a substitution', ['$(touch x)'], /lower-case/],
    ['a line break', ['a\nb'], /line break/],
    ['an unknown flag', ['app', '--tailwnd'], /Did you mean --tailwind\?/],
    ['an unknown value', ['app', '--social', 'gitlab'], /mean github\?/],
    ['a flag twice', ['app', '--git', '--git'], /--git was given twice/],
    ['a contradiction', ['app', '--git', '--no-git'], /contradict/],
    ['a bad port', ['app', '--port', '99999'], /1 to 65535/],
    ['two directories', ['a', 'b'], /Two directories/],
  ])('%s', async (_, args, message) => {
    const cwd = emptyFolder()
    const rest = args.includes('--git') ? plain.slice(0, 3) : plain
    const social = args.includes('--social')
    const run = await cli([...args, ...rest.filter((flag) => !social || flag !== '--no-social')], {
      cwd,
    })
    expect(run.stderr).toMatch(message)
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(run.stderr).not.toMatch(/\n\s+at /)
    expect(readdirSync(cwd)).toEqual([])
  })

  test('a run without a terminal that leaves answers open, naming all of them', async () => {
    const cwd = emptyFolder()
    const run = await cli([], { cwd })
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    for (const text of [
      'a directory',
      '--tailwind or --no-tailwind',
      '--social github,google or --no-social',
      '--yes',
    ]) {
      expect(run.stderr).toContain(text)
    }
    expect(readdirSync(cwd)).toEqual([])
  })

  test('--yes that npm kept for itself: says where it has to stand', async () => {
    const env = { npm_config_user_agent: 'npm/11.6.0 node/v24.0.0', npm_config_yes: 'true' }
    const { exitCode, stderr } = await cli(['my-app'], { cwd: emptyFolder(), env })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('With npm create, flags go after --.')
  })

  test('a target that is a file', async () => {
    const cwd = emptyFolder()
    writeFileSync(join(cwd, 'app'), 'mine')
    const run = await cli(['app', ...plain], { cwd })
    expect(run).toMatchObject({ exitCode: 1, stdout: '' })
    expect(readFileSync(join(cwd, 'app'), 'utf8')).toBe('mine')
  })

  test('a file that it would overwrite, by name', async () => {
    const cwd = emptyFolder()
    mkdirSync(join(cwd, 'app'))
    writeFileSync(join(cwd, 'app/package.json'), 'mine')
    const run = await cli(['app', ...plain], { cwd })
    expect(run).toMatchObject({ exitCode: 1, stdout: '' })
    expect(run.stderr).toContain('package.json')
    expect(readdirSync(join(cwd, 'app'))).toEqual(['package.json'])
  })

  test('a link that leads nowhere', async () => {
    const cwd = emptyFolder()
    symlinkSync(join(cwd, 'nowhere'), join(cwd, 'app'))
    const run = await cli(['app', ...plain], { cwd })
    expect(run).toMatchObject({ exitCode: 1, stdout: '' })
    expect(readdirSync(cwd)).toEqual(['app'])
  })

  // Windows has no such mode.
  test.runIf(process.platform !== 'win32')('a read-only parent', async () => {
    const cwd = emptyFolder()
    chmodSync(cwd, 0o555)
    // Root may write anywhere, so it is somebody else then.
    const user = process.getuid?.() === 0 ? { uid: 65534 } : {}
    const run = await cli(['app', ...plain], { cwd, ...user })
    chmodSync(cwd, 0o755)
    expect(run).toMatchObject({ exitCode: 1, stdout: '' })
    expect(run.stderr).toContain(cwd)
    expect(readdirSync(cwd)).toEqual([])
  })

  test.runIf(process.platform === 'linux')('a folder that is gone', () => {
    const cwd = emptyFolder()
    const script = 'rmdir "$1" && shift && exec "$@"'
    const command = [process.execPath, inject('installed').bin, 'app', ...plain]
    const { status, stderr } = spawnSync('sh', ['-c', script, 'sh', cwd, ...command], {
      cwd,
      encoding: 'utf8',
    })
    expect(stderr).toContain("The folder that this was started in isn't there any more.\n")
    expect(stderr).not.toContain('bug')
    expect(status).toBe(1)
  })

  test('shows the stack with --verbose alone', async () => {
    const cwd = emptyFolder()
    const run = await cli(['con', '--verbose', ...plain], { cwd })
    expect(run.stderr).toMatch(/\n\s+at /)
  })
})
