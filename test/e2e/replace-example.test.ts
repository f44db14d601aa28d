import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { complaints, runWell } from '../helpers/run.ts'
import { buildApp } from './support/workspace.ts'

// README.md's "Replace the example", done to the letter.

const NAME = 'without-example'
const workspace = inject('workspace')
const cwd = join(workspace.home, NAME)
const pathOf = (path: string) => join(cwd, path)
const read = (path: string) => readFileSync(pathOf(path), 'utf8')

/** Step 2 and what follows it: by file, what goes, and what stands in its place. */
const EDITS: Record<string, readonly (readonly [RegExp, string])[]> = {
  'convex/schema.ts': [
    [/ {2}tasks: defineTable\([^]*?\['userId'\]\),\n/, ''],
    [/defineSchema, defineTable/, 'defineSchema'],
    [/import \{ v \} .*\n/, ''],
  ],
  'convex/auth.ts': [[/ +await ctx\.runMutation\(internal\.tasks\.\w+, .*\n/, '']],
  'test/convex/access.test.ts': [
    [/ {2}'tasks:.*\n/g, ''],
    [/ {2}const task = [^]*?\n {2}\)\n/, ''],
    [/argumentsOf = \(taskId: string\)/, 'argumentsOf = ()'],
    [/argumentsOf\((?:''|task)\)/g, 'argumentsOf()'],
  ],
  'src/lib/home.ts': [[/'\/dashboard'/, "'/settings'"]],
  'src/components/site-header.tsx': [
    [/ {8}<Link to=\{HOME\} className=\{link\}>\n.*\n.*\n/, ''],
    [/to="\/settings"/, 'to={HOME}'],
  ],
  'src/routes/index.tsx': [
    [/.*'convex\/tasks\.ts'\],\n/, ''],
    [/.*dashboard\.tsx'\],\n/, ''],
    [/Go to your tasks/, 'Go on'],
  ],
  // As AGENTS.md says, with no deployment at hand.
  'convex/_generated/api.d.ts': [[/.*\btasks\b.*\n/g, '']],
}

test("README's way to take the example out leaves every check green", async () => {
  cpSync(join(workspace.home, 'plain'), cwd, { recursive: true, verbatimSymlinks: true })
  const section = /\n## Replace the example\n([^]*?)\n## /.exec(read('README.md'))?.[1] ?? ''
  const [, deleted = ''] = /^1\. Delete (.*)$/m.exec(section) ?? []
  const paths = [...deleted.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)
  expect(paths).toContain('convex/tasks.ts')
  for (const path of paths) {
    expect(existsSync(pathOf(path)), path).toBe(true)
    rmSync(pathOf(path), { recursive: true })
  }
  for (const [path, edits] of Object.entries(EDITS)) {
    expect(section).toContain(`\`${path}\``)
    for (const [search, replacement] of edits) {
      expect(read(path), path).toMatch(search)
      writeFileSync(pathOf(path), read(path).replace(search, replacement))
    }
  }
  await runWell('npm', ['run', 'format'], { cwd, env: workspace.env })
  await buildApp(workspace, NAME)
  for (const script of ['typecheck', 'lint']) {
    expect(complaints(await runWell('npm', ['run', script], { cwd, env: workspace.env }))).toEqual(
      [],
    )
  }
  expect(await runWell('npm', ['test'], { cwd, env: workspace.env })).toMatch(
    /Tests\s+[1-9]\d* passed/,
  )
  expect(filesThatName(/\btasks?\b/i)).toEqual([])
})

const filesThatName = (word: RegExp) =>
  ['convex', 'src', 'test'].flatMap((folder) =>
    readdirSync(pathOf(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => word.test(readFileSync(path, 'utf8')))
      .map((path) => path.slice(cwd.length + 1)),
  )
