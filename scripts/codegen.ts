import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  baseDir,
  compare,
  describeStale,
  generate,
  generatedFiles,
  readBase,
  type Stale,
} from './lib/generated.ts'
import { checkCombination, combinations } from './lib/plans.ts'
import { ROUTE_TREE } from './lib/regenerate.ts'

// `npm run codegen` writes the files of the layers that tools write, with the tools;
// `npm run codegen -- --check` says which of them are stale.

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { check: { type: 'boolean' } } })
  const stale = await checkBase()
  if (values.check !== true) await mend(stale)
  const base = values.check === true && report('template-base', stale, 'npm run codegen')
  if (base) return true
  if (values.check !== true) await mendRouteTree()
  return checkPlans()
}

async function checkBase(): Promise<Stale[]> {
  const { files, env } = await readBase()
  const everything = { convex: true, routeTree: true }
  return compare(generatedFiles(files), await generate(files, env, everything))
}

async function mend(stale: readonly Stale[]): Promise<void> {
  for (const { path, expected } of stale) {
    const target = join(baseDir, path)
    if (expected === undefined) await rm(target)
    else {
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, expected)
    }
    console.log(`wrote template-base/${path}`)
  }
  if (stale.length === 0) console.log('template-base is up to date')
}

/** A layer with routes replaces the base's tree by one that has both. */
async function mendRouteTree(): Promise<void> {
  const withRoutes = combinations.find(({ email }) => email)
  const stale = withRoutes ? await checkCombination(withRoutes) : []
  const tree = stale.find(({ path }) => path === ROUTE_TREE)
  if (tree?.expected === undefined) return
  await writeFile(join(baseDir, '../template-email', ROUTE_TREE), tree.expected)
  console.log(`wrote template-email/${ROUTE_TREE}`)
}

/** Whether a plan holds other generated files than its app gets from the tools. */
async function checkPlans(): Promise<boolean> {
  let wrong = false
  for (const combination of combinations) {
    const stale = await checkCombination(combination)
    const cure = 'mend the merge of generated files in src/plan'
    wrong = report(`the plan of ${combination.name}`, stale, cure) || wrong
  }
  return wrong
}

function report(where: string, stale: readonly Stale[], cure: string): boolean {
  if (stale.length === 0) {
    console.log(`${where}: as the tools write it`)
    return false
  }
  console.error(`${where}: ${stale.length} stale\n`)
  stale.forEach((file) => console.error(describeStale(file), '\n'))
  console.error(`To mend it: ${cure}`)
  return true
}

main().then(
  (stale) => {
    process.exitCode = stale ? 1 : 0
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  },
)
