import { rmSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FileTree } from '../../src/merge/types.ts'
import { renamesOver } from '../../src/update/releases.ts'
import { filesIn, gitProject, treeOf } from './git-project.ts'

/** What a version does to a template. */
interface VersionChange {
  readonly changes: readonly string[]
  readonly renames: boolean
  readonly bumps: boolean
  readonly drops: boolean
  readonly adds: boolean
}

const CODE = ['a.ts', 'lib/b.ts', 'lib/c.ts']
const FIRST: VersionChange = {
  changes: [],
  renames: false,
  bumps: false,
  drops: false,
  adds: false,
}

const lines = (path: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${path} line ${index}`)

/** `lib/c.ts` has so much new in it under its new name that git takes it for another file. */
function templateOf({ changes, renames, bumps, drops, adds }: VersionChange): FileTree {
  const code = (path: string) =>
    lines(path, 24).map((line, index) =>
      changes.includes(path) && index === 8 ? `${line} of the new version` : line,
    )
  const texts = Object.fromEntries(CODE.map((path) => [path, `${code(path).join('\n')}\n`]))
  const { 'lib/c.ts': moved = '', ...others } = texts
  const manifest = { name: 'app', dependencies: { alpha: bumps ? '2.0.0' : '1.0.0' } }
  return treeOf(
    {
      ...(renames ? { ...others, 'lib/z.ts': `${moved}${lines('new', 80).join('\n')}\n` } : texts),
      ...(!drops && { 'old.css': 'old\n' }),
      ...(adds && { 'new.ts': 'new\n' }),
      'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    },
    JSON.stringify({ renames, bumps, drops, adds, changes }),
  )
}

const version: fc.Arbitrary<VersionChange> = fc.record({
  changes: fc.subarray(CODE),
  renames: fc.boolean(),
  bumps: fc.boolean(),
  drops: fc.boolean(),
  adds: fc.boolean(),
})

const edit = fc.record({
  path: fc.constantFrom(...CODE, 'old.css'),
  at: fc.nat(23),
  kind: fc.constantFrom('insert', 'replace', 'delete'),
})

const own = (text: string | undefined) => text?.match(/mine-\d+/g) ?? []

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 25)

test('whatever a version changes and the user edited: nothing is lost, and edits follow a renamed file', async () => {
  const property = fc.asyncProperty(
    version,
    fc.array(edit, { maxLength: 6 }),
    async (next, edits) => {
      const [before, after] = [templateOf(FIRST), templateOf(next)]
      const renames = renamesOver(
        next.renames ? [{ 'lib/c.ts': 'lib/y.ts' }, { 'lib/y.ts': 'lib/z.ts' }] : [],
      )
      const project = gitProject(before)
      try {
        for (const [index, { path, at, kind }] of edits.entries()) {
          const text = project.read(path)
          if (text === undefined) continue
          const changed = text.split('\n')
          changed.splice(at, kind === 'insert' ? 0 : 1, `mine-${index}`)
          if (kind === 'delete') rmSync(join(project.root, path))
          else project.edit({ [path]: changed.join('\n') })
        }
        project.commit()
        const had = filesIn(project.root)
        const outcome = await project.merge(before, after, { renames })
        const has = filesIn(project.root)
        const left = Object.values(has).flatMap(own)
        expect(
          Object.values(had)
            .flatMap(own)
            .filter((line) => !left.includes(line)),
        ).toEqual([])
        if (next.renames && had['lib/c.ts'] !== undefined) {
          expect(has['lib/c.ts']).toBeUndefined()
          expect(own(has['lib/z.ts'])).toEqual(own(had['lib/c.ts']))
        }
        // What the user had deleted doesn't come back under any name.
        if (had['lib/c.ts'] === undefined) expect(has['lib/z.ts']).toBeUndefined()
        if (outcome.some((line) => line.endsWith(': conflict'))) return
        project.commit()
        await project.merge(before, after, { renames })
        expect(project.status()).toEqual([])
      } finally {
        rmSync(project.root, { recursive: true, force: true })
      }
    },
  )
  await fc.assert(property, { numRuns: RUNS })
})
