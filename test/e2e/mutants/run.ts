import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathFor, run, runWell } from '../../helpers/run.ts'
import {
  buildApp,
  makeWorkspace,
  ON_BACKEND,
  REPOSITORIES,
  type Workspace,
} from '../support/workspace.ts'
import { MUTANTS, type Mutant } from './mutants.ts'

type Verdict = 'caught' | 'SURVIVED' | 'NOT RUN'

const root = resolve(import.meta.dirname, '../../..')

/** `npm run test:mutants [-- name]`: breaks the app, one way at a time; each must be caught. */
async function main(only = ''): Promise<void> {
  const mutants = MUTANTS.filter(({ name }) => name.includes(only))
  if (mutants.length === 0) throw new Error(`No mutant has "${only}" in its name`)
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mutants-')))
  try {
    const workspace = await prepare(folder, mutants)
    let survived = 0
    for (const mutant of mutants) {
      const start = Date.now()
      const verdict = await judge(mutant, workspace, join(folder, 'workspace.json'))
      if (verdict !== 'caught') survived += 1
      const seconds = Math.round((Date.now() - start) / 1000)
      console.log(`${verdict.padEnd(9)} ${String(seconds).padStart(3)} s  ${mutant.name}`)
    }
    if (survived > 0) throw new Error(`${survived} were not caught`)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function prepare(folder: string, mutants: readonly Mutant[]): Promise<Workspace> {
  await runWell('npm', ['run', 'build', '--silent'], { cwd: root })
  const names = new Set(mutants.map(repositoryOf))
  const workspace = await makeWorkspace({
    home: join(folder, 'apps'),
    bin: join(root, 'dist/bin.cjs'),
    env: { PATH: await pathFor() },
    combinations: REPOSITORIES.filter(({ name }) => names.has(name)),
  })
  writeFileSync(join(folder, 'workspace.json'), JSON.stringify(workspace))
  return workspace
}

function repositoryOf({ app, mode, test }: Mutant): string {
  if (test === 'backend') return ON_BACKEND
  return mode === 'dev' ? `${app}-dev` : app
}

/** Breaks, builds, checks, and mends. Throws when the break can't be made. */
async function judge(mutant: Mutant, workspace: Workspace, file: string): Promise<Verdict> {
  const path = join(workspace.home, repositoryOf(mutant), mutant.file)
  const original = readFileSync(path, 'utf8')
  const parts = original.split(mutant.search)
  if (parts.length !== 2) {
    throw new Error(
      `${mutant.name}: ${parts.length - 1} matches in ${mutant.file}, not one: mend test/e2e/mutants/mutants.ts`,
    )
  }
  writeFileSync(path, parts.join(mutant.replace))
  try {
    if (mutant.mode !== 'dev') await buildApp(workspace, repositoryOf(mutant))
    return await check(mutant, file)
  } finally {
    writeFileSync(path, original)
  }
}

async function check(mutant: Mutant, file: string): Promise<Verdict> {
  const test = `test/e2e/${mutant.test ?? `${mutant.mode ?? 'production'}/${mutant.app}`}.test.ts`
  const args = ['vitest', 'run', '--project', 'e2e', test, '--bail', '1']
  const { exitCode, output } = await run('npx', [...args, '-t', mutant.checks], {
    cwd: root,
    env: { E2E_WORKSPACE: file },
  })
  // A run that could not start has caught nothing.
  if (!/^ +Tests +\d+ (?:failed|passed)/m.test(output)) {
    console.error(output)
    return 'NOT RUN'
  }
  return exitCode === 0 ? 'SURVIVED' : 'caught'
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
