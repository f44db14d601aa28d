import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { COMBINATIONS, type Combination } from '../helpers/combinations.ts'
import { complaints, pathFor, runWell } from '../helpers/run.ts'

/**
 * Holds the eight repositories, and above them the one installation that serves
 * them all: the dependencies of the largest, Tailwind with both providers.
 */
const home = realpathSync(mkdtempSync(join(tmpdir(), 'matrix-')))
let env: { PATH: string }

beforeAll(async () => {
  env = { PATH: await pathFor() }
  for (const combination of COMBINATIONS) await generate(combination)
  const largest = COMBINATIONS.at(-1)?.name ?? ''
  const manifest = readFileSync(join(home, largest, 'package.json'), 'utf8')
  writeFileSync(join(home, 'package.json'), manifest)
  await runWell('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: home,
    env,
  })
}, 300_000)

afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }))

async function generate({ name, flags }: Combination): Promise<void> {
  const fixed = ['--pm', 'npm', '--no-install', '--no-git', '--yes']
  const args = [inject('installed').bin, name, ...flags, ...fixed]
  await runWell(process.execPath, args, { cwd: home, env })
}

const CASES = COMBINATIONS.flatMap(({ name }) =>
  ['typecheck', 'lint', 'test', 'build'].map((script) => ({ name, script })),
)

test.each(CASES)(
  '$name: npm run $script',
  async ({ name, script }) => {
    const cwd = join(home, name)
    const output = await runWell('npm', ['run', script], { cwd, env })
    // A script that ran nothing would be green, too.
    const proof = {
      typecheck: /tsc && tsc -p convex/,
      lint: /All matched files use Prettier code style/,
      test: /Tests\s+[1-9]\d* passed/,
      build: /\.output\/server\/index\.mjs/,
    }[script]
    expect(output).toMatch(proof ?? /never/)
    if (script !== 'test') expect(complaints(output)).toEqual([])
  },
  120_000,
)
