import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../helpers/run.ts'

const root = join(import.meta.dirname, '../..')
const bin = (name: string) => join(root, 'node_modules/.bin', name)
const config = join(root, 'template-base/.oxlintrc.json')

const { workspaces: LAYERS } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  workspaces: readonly string[]
}

test.each(LAYERS)('%s type-checks where it stands', async (layer) => {
  const cwd = join(root, layer)
  expect(await run(bin('tsc'), [], { cwd })).toEqual({
    exitCode: 0,
    output: '',
  })
})

test("the base layer's Convex functions type-check where they stand", async () => {
  const cwd = join(root, 'template-base')
  expect(await run(bin('tsc'), ['-p', 'convex'], { cwd })).toEqual({
    exitCode: 0,
    output: '',
  })
})

test.each(LAYERS)('%s lints where it stands', async (layer) => {
  const args = ['-c', config, '--deny-warnings']
  const { exitCode, output } = await run(bin('oxlint'), args, {
    cwd: join(root, layer),
  })
  expect(output).toMatch(/Found 0 warnings and 0 errors[^]* on [1-9]\d* files/)
  expect(exitCode).toBe(0)
})

test('everything is formatted where it stands', async () => {
  const { exitCode, output } = await run(bin('prettier'), ['--check', '.'], {
    cwd: root,
  })
  expect(output).toContain('All matched files use Prettier code style')
  expect(exitCode).toBe(0)
})

test('our own code type-checks', async () => {
  expect(await run(bin('tsc'), ['-p', '.'], { cwd: root })).toEqual({
    exitCode: 0,
    output: '',
  })
})

test('our own code lints', async () => {
  const { exitCode, output } = await run(bin('oxlint'), ['--deny-warnings'], {
    cwd: root,
  })
  expect(output).toContain('Found 0 warnings and 0 errors')
  expect(exitCode).toBe(0)
})
