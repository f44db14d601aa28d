import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BaseSequencer, type TestSpecification, type Vitest } from 'vitest/node'

/** What takes longest, in this order; the rest follows. Without it a long file runs last, on one core. */
const LONGEST = [
  'matrix/repositories',
  'matrix/package-managers',
  'matrix/commands',
  'matrix/lifetime',
  'merge/kill',
  'unit/deployment/convex-cli',
  'matrix/updates',
  'cli/doctor',
  'unit/setup/install',
  'cli/features',
  'e2e/production/tailwind-github-google',
  'e2e/production/plain-email',
  'e2e/production/plain',
  'e2e/hosts',
  'e2e/backend',
  'e2e/dev/plain',
  'e2e/production/tailwind-github-google-email',
  'e2e/building-on',
  'e2e/lived-in',
]

const paths = LONGEST.map((name) => join(import.meta.dirname, `${name}.test.ts`))

/** On a clean checkout vitest knows no durations, and goes by the size of the files. */
export class LongestFirst extends BaseSequencer {
  constructor(vitest: Vitest) {
    super(vitest)
    const gone = paths.find((path) => !existsSync(path))
    if (gone !== undefined) throw new Error(`${gone} isn't there: mend test/longest-first.ts`)
  }

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const named = paths.flatMap((path) => sorted.filter(({ moduleId }) => moduleId === path))
    const others = sorted.filter((file) => !named.includes(file))
    const order = (file: TestSpecification) => file.project.config.sequence.groupOrder
    return [...named, ...others].sort((a, b) => order(a) - order(b))
  }
}
