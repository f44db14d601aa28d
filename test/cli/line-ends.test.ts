import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cli } from '../helpers/cli.ts'
import { makeRepository, noDeployment } from '../helpers/repository.ts'

function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com']
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8' })
}

const crlf = (text: string) => text.replaceAll('\n', '\r\n')

// As git for Windows is set up.
test('a clone with core.autocrlf has the line ends that lint wants', async () => {
  const root = await makeRepository('--no-tailwind')
  git(root, 'init', '--quiet')
  git(root, 'add', '--all')
  git(root, 'commit', '--quiet', '-m', 'x')
  git(root, '-c', 'core.autocrlf=true', 'clone', '--quiet', '.', '../clone')
  const clone = join(root, '../clone')
  const paths = git(clone, 'ls-files', '-z').split('\0').filter(Boolean)
  const changed = paths.filter((path) => readFileSync(join(clone, path)).includes('\r\n'))
  expect(changed).toEqual([])
})

test('doctor compares without line ends', async () => {
  const root = await makeRepository('--no-tailwind')
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (/\.tsx?$/.test(path)) writeFileSync(path, crlf(readFileSync(path, 'utf8')))
  }
  const { stdout } = await cli(['doctor', '--json'], { cwd: root, env: noDeployment })
  const { checks } = JSON.parse(stdout) as { checks: { id: string; ok: boolean }[] }
  const generated = checks.filter(({ id }) => ['convex-generated', 'route-tree'].includes(id))
  expect(generated.map(({ ok }) => ok)).toEqual([true, true])
})
