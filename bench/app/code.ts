import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { runWell } from '../../test/helpers/run.ts'
import type { Workspace } from '../../test/e2e/support/workspace.ts'
import { median } from '../measure.ts'
import { atMost, type Row } from './table.ts'

const GENERATED = /(?:^|\/)_generated\/|\.gen\.ts$/

/** Lines of `src/` and `convex/`, blank ones and comments included, without generated files. */
export function codeSize(appDir: string): Row[] {
  const files = ['src', 'convex'].flatMap((folder) =>
    readdirSync(join(appDir, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !GENERATED.test(path)),
  )
  const sizes = files
    .map((path) => ({ path: path.slice(appDir.length + 1), lines: linesOf(path) }))
    .toSorted((a, b) => b.lines - a.lines)
  const actual = sizes.reduce((sum, { lines }) => sum + lines, 0)
  const largest = sizes.slice(0, 4).map(({ path, lines }) => `${path} ${lines}`)
  return [
    atMost({
      what: 'lines of src/ and convex/',
      limit: 2350,
      actual,
      notes: [`${files.length} files, the largest ${largest.join(', ')}`],
    }),
    atMost({ what: 'lines of the largest file', limit: 150, actual: sizes[0]?.lines ?? 0 }),
  ]
}

const linesOf = (path: string) => readFileSync(path, 'utf8').split('\n').length - 1

/** The app's own tests, as its user runs them. */
export async function ownTests({ home, env }: Workspace, name: string): Promise<Row> {
  const seconds: number[] = []
  for (let round = 0; round < 3; round += 1) {
    const start = performance.now()
    await runWell('npm', ['test'], { cwd: join(home, name), env })
    seconds.push((performance.now() - start) / 1000)
  }
  return atMost({
    what: "the app's own tests",
    limit: 6,
    actual: median(seconds),
    unit: 's',
    digits: 1,
    notes: [`median of ${seconds.map((time) => time.toFixed(1)).join(' ')}`],
  })
}
