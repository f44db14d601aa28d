import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { buildApp, makeWorkspace, type Workspace } from '../e2e/support/workspace.ts'
import { COMBINATIONS } from '../helpers/combinations.ts'
import { complaints, pathFor, run, runWell } from '../helpers/run.ts'
import { treeOf } from './commands/generated.ts'

/** That of the browser tests, where these run, too: what they walk is built. */
const given = inject('workspace') as Workspace | undefined
const own = realpathSync(mkdtempSync(join(tmpdir(), 'matrix-')))
let workspace: Workspace

beforeAll(async () => {
  workspace = given ?? (await makeOwn())
})

afterAll(() => rmSync(own, { recursive: true, force: true, maxRetries: 5 }))

const makeOwn = async () =>
  makeWorkspace({
    home: join(own, 'apps'),
    bin: inject('installed').bin,
    env: { PATH: await pathFor() },
    combinations: COMBINATIONS,
  })

/** Which backends have been tested: all that their tests read. */
const tested = new Set<string>()

/** One look's backend is the other's, byte for byte: tested once, what remains are the look's own tests. */
function untested(app: string): readonly string[] {
  const folders = ['convex', 'test/convex'].map((folder) => treeOf(join(app, folder)))
  const files = ['vitest.config.ts', 'tsconfig.json'].map((file) =>
    readFileSync(join(app, file), 'utf8'),
  )
  const backend = JSON.stringify([folders, files])
  if (tested.has(backend)) return ['--', '--project=app', '--project=components']
  tested.add(backend)
  return []
}

const CASES = COMBINATIONS.flatMap(({ name }) =>
  ['typecheck', 'lint', 'test'].map((script) => ({ name, script })),
)

test.each(CASES)('$name: npm run $script', async ({ name, script }) => {
  const { home, env } = workspace
  const cwd = join(home, name)
  const rest = script === 'test' ? untested(cwd) : []
  const output = await runWell('npm', ['run', script, ...rest], { cwd, env })
  // A script that ran nothing would be green, too.
  const proof = {
    typecheck: /tsc && tsc -p convex/,
    lint: /All matched files use Prettier code style/,
    test: /Tests\s+[1-9]\d* passed/,
  }[script]
  expect(output).toMatch(proof ?? /never/)
  if (script !== 'test') expect(complaints(output)).toEqual([])
})

test.each(COMBINATIONS)('$name: npm run build', async ({ name }) => {
  const built = join(workspace.home, name, '.output/server/index.mjs')
  if (!existsSync(built)) await buildApp(workspace, name)
  expect(existsSync(built)).toBe(true)
})

test('the example of docs/layers.md, on top of the largest, is green', async () => {
  const { home, env, bin } = workspace
  const layer = join(import.meta.dirname, '../../examples/layer-export')
  const flags = [...(COMBINATIONS.at(-1)?.flags ?? []), '--layer', layer]
  const fixed = ['--pm', 'npm', '--no-install', '--no-git', '--yes']
  await runWell(process.execPath, [bin, 'example', ...flags, ...fixed], { cwd: home, env })
  const cwd = join(home, 'example')
  // `layer check` looks at its types and its format.
  expect(await runWell('npm', ['run', 'test'], { cwd, env })).toMatch(/Tests\s+[1-9]\d* passed/)
  await runWell('npm', ['run', 'build'], { cwd, env })
})

const OPEN_QUERY = (api: string) =>
  `import { query } from '${api}/server'\nexport const all = query(() => 'for everybody')\n`

test("what an owner adds and forgets, the app's own tests name", async () => {
  const { home, env } = workspace
  const cwd = join(home, 'forgetful')
  cpSync(join(home, 'plain'), cwd, { recursive: true, verbatimSymlinks: true })
  mkdirSync(join(cwd, 'convex/admin'))
  writeFileSync(join(cwd, 'convex/admin/people.ts'), OPEN_QUERY('../_generated'))
  writeFileSync(join(cwd, 'convex/banner.tsx'), OPEN_QUERY('./_generated'))
  const schema = join(cwd, 'convex/schema.ts')
  const notes = 'notes: defineTable(v.union(v.object({}), v.object({ userId: v.string() }))),'
  const tables = readFileSync(schema, 'utf8')
  expect(tables).toContain('defineSchema({')
  writeFileSync(schema, tables.replace('defineSchema({', `defineSchema({ ${notes}`))
  const { exitCode, output } = await run('npm', ['test', '--', 'access', 'deletion'], { cwd, env })
  expect(exitCode).toBe(1)
  for (const name of ['admin/people:all', 'banner:all', 'forgets notes']) {
    expect(output).toContain(name)
  }
})
