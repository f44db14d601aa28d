import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { cli, emptyFolder } from '../helpers/cli.ts'

const plain = ['--no-tailwind', '--no-social', '--no-git']
const quick = [...plain, '--no-install']

const nameOf = (folder: string) =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string }).name

test('in a folder whose name is no package name, one close to it is taken', async () => {
  const cwd = join(emptyFolder(), 'MVCWebApp')
  mkdirSync(cwd)
  const { exitCode, stderr } = await cli(['.', ...quick], { cwd })
  expect(exitCode, stderr).toBe(0)
  expect(nameOf(cwd)).toBe('mvcwebapp')
})

test("--name is the app's, whatever its folder is called", async () => {
  const cwd = emptyFolder()
  const { exitCode, stdout } = await cli(['My Apps/Shop', '--name', 'the-shop', ...quick], { cwd })
  expect(exitCode).toBe(0)
  expect(nameOf(join(cwd, 'My Apps/Shop'))).toBe('the-shop')
  expect(stdout).toContain('--name the-shop')
  const wrong = await cli(['x', '--name', 'Über Shop', ...quick], { cwd })
  expect(wrong.exitCode).toBe(2)
  expect(wrong.stderr).toContain('--name uber-shop')
  expect(readdirSync(cwd)).toEqual(['My Apps'])
})

test("where the name of a folder cannot be the app's, the way on is said, and works", async () => {
  const cwd = join(emptyFolder(), 'MVCWebApp/src')
  mkdirSync(cwd, { recursive: true })
  for (const directory of ['..', '../../MVCWebApp', '../../MVCWebApp/']) {
    const { exitCode, stderr } = await cli([directory, ...quick], { cwd })
    expect(exitCode).toBe(2)
    expect(stderr).toContain("To keep the folder's name: --name mvcwebapp\n")
  }
  const { exitCode, stderr } = await cli(['..', '--name', 'mvcwebapp', ...quick], { cwd })
  expect(exitCode, stderr).toBe(0)
  expect(nameOf(join(cwd, '..'))).toBe('mvcwebapp')
})

test('the command that repeats a run has a scope in quotes, as PowerShell wants it', async () => {
  const { stdout } = await cli(['x', '--name', '@ada/shop', ...quick], { cwd: emptyFolder() })
  expect(stdout).toContain(' --name "@ada/shop" ')
})

test('a folder that begins with a dash can be gone to', async () => {
  const { stdout } = await cli(['./-dash/b', ...quick], { cwd: emptyFolder() })
  expect(stdout).toContain('cd ./-dash/b\n')
})

test('--setup --no-install is refused before anything is written', async () => {
  const cwd = emptyFolder()
  const { exitCode, stderr } = await cli(['x', '--setup', ...quick], { cwd })
  expect(exitCode).toBe(2)
  expect(stderr).toContain('--setup and --no-install contradict each other')
  expect(readdirSync(cwd)).toEqual([])
})

test('going on with the set-up of what is there refuses other answers', async () => {
  const cwd = emptyFolder()
  await cli(['x', ...quick], { cwd })
  const others = [['--port', '4000'], ['--tailwind'], ['--pm', 'bun']]
  for (const [flag, ...value] of others) {
    const { exitCode, stderr } = await cli(['x', '--setup', flag ?? '', ...value], { cwd })
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`made with other answers than ${flag} gives`)
  }
})

test('a path that tools break at is said, with what to do', async () => {
  const cwd = emptyFolder()
  const special = ['#', '%', "'", '[', delimiter]
  const folders = special.map((character) => [character, `a${character}b`] as const)
  for (const [what, name] of [...folders, ['node_modules', 'node_modules'] as const]) {
    const folder = join(cwd, name)
    mkdirSync(folder)
    const { exitCode, stdout } = await cli(['x', ...quick], { cwd: folder })
    expect(exitCode).toBe(0)
    expect(stdout).toContain(`The path has ${what} in it`)
    expect(stdout).toContain('Move the app to a folder without')
  }
  const fine = await cli([`x`, ...quick], { cwd: join(cwd) })
  expect(fine.stdout, basename(cwd)).not.toContain('The path has')
})
