import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { check, unchecked } from '../doctor/check.ts'
import type { Check } from '../doctor/check.ts'
import { checkInstallation, checkPlans, combinationsWith, planOf } from '../doctor/layer.ts'
import type { LayerCombination } from '../doctor/layer.ts'
import { CliError } from '../errors.ts'
import type { ExitCode } from '../errors.ts'
import { HOME } from '../options/name.ts'
import type { Flags } from '../options/questions.ts'
import { readLayer } from '../layers/read.ts'
import type { Layer } from '../layers/layer.ts'
import { doctorDocument, doctorReport } from '../report/doctor.ts'
import { withoutLocal } from '../plan/plan.ts'
import { parsePackageJson } from '../project/packages.ts'
import { writePlan } from '../repo/write.ts'
import { RECORD_PATH } from '../repo/record.ts'
import { listPaths } from '../repo/work-tree.ts'
import { lastLines } from '../setup/convex.ts'
import { portableWord, typedPath } from '../shell.ts'
import { runProgram } from '../system/program.ts'
import { startProgress } from '../system/progress.ts'
import { watchSignals } from '../system/signals.ts'
import type { Signals } from '../system/signals.ts'
import { borrowPackages, withScratch } from '../scratch.ts'
import type { Context } from './context.ts'

/**
 * Tells the author of a layer what is wrong with it: its layer.json, every combination with
 * our layers, and the types and the format of what its users get.
 *
 * @returns 1 when something is wrong
 * @throws CliError with exit code 2 when it isn't `layer check FOLDER`
 */
export async function layer({ words = [] }: Flags, context: Context): Promise<void | ExitCode> {
  const [word, folder, ...more] = words
  if (word !== 'check' || folder === undefined || more.length > 0) {
    throw new CliError(`layer ${words.join(' ')} is no command.`.replace('  ', ' '), {
      exitCode: 2,
      fix: 'layer check FOLDER, with the folder that layer.json is in',
    })
  }
  const typed = folder.replace(HOME, () => context.home)
  const path = resolve(context.cwd, typed)
  const signals = watchSignals('Cancelled.')
  const stop = startProgress('Looking at everything', context.screen)
  try {
    const checks = await layerChecks(path, folder, context, signals)
    stop()
    const { version, style, json } = context
    context.print(json ? doctorDocument(checks, { path, version }) : doctorReport(checks, style))
    return checks.some(({ ok }) => ok === false) ? 1 : undefined
  } finally {
    stop()
    signals.release()
  }
}

async function layerChecks(
  path: string,
  source: string,
  { cwd, builtin }: Context,
  signals: Signals,
): Promise<Check[]> {
  const layer = await layerOrProblem(path, source, builtin)
  if ('ok' in layer) return [layer]
  const combinations = combinationsWith(layer, builtin)
  const plans = checkPlans(combinations)
  const first = [
    check('manifest', [], 'layer.json says what it should, and names files that are there.'),
    plans,
    checkInstallation(layer),
  ]
  if (plans.ok === false) return first
  const [smallest] = combinations
  const largest = combinations.findLast(({ packageManager }) => packageManager === 'npm')
  const extremes = [smallest, largest].filter((combination) => combination !== undefined)
  const packages = packagesNear(path, packagesOfPlans(extremes))
  if ('why' in packages) {
    const folder = typedPath(cwd, join(dirname(path), `try-${layer.name}`))
    return [...first, ...uncheckedScripts(path, folder, builtin, packages.why)]
  }
  return [...first, ...(await scriptChecks(extremes, packages.folder, signals))]
}

async function layerOrProblem(
  path: string,
  source: string,
  builtin: readonly Layer[],
): Promise<Layer | Check> {
  try {
    return await readLayer(path, source, builtin)
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    const fix = error.fix === undefined ? [] : [error.fix]
    return check('manifest', [{ message: error.message, fix }], '')
  }
}

const SCRIPTS = [
  ['types', 'typecheck', 'Types are right, alone with the base and with everything.'],
  ['format', 'lint', "It is formatted, and the app's linter finds nothing."],
] as const

/** What the apps with the layer need. */
function packagesOfPlans(combinations: readonly LayerCombination[]): string[] {
  const names = combinations.flatMap((combination) => {
    const text = String(planOf(combination).get('package.json')?.content)
    const { dependencies, devDependencies } = parsePackageJson(text)
    return Object.keys({ ...dependencies, ...devDependencies })
  })
  return [...new Set(names)]
}

/**
 * What an app has to be like for the scripts: with all of ours, since the layer may meet any of it.
 *
 * @param app - where it is to be, as typed
 */
function uncheckedScripts(
  path: string,
  app: string,
  [, ...builtin]: readonly Layer[],
  why: string,
): Check[] {
  const flags = builtin.map(({ name: flag, manifest: { choices } }) => {
    const all = Object.keys(choices ?? {}).join(',')
    return all === '' ? `--${flag}` : `--${flag} ${portableWord(all)}`
  })
  const all = [...flags, `--layer ${portableWord(path) ?? path}`].join(' ')
  const fix = [
    'Generate an app with it and all of ours beside its folder, and install it:',
    `npm create start-convex-auth@latest ${app} -- ${all}`,
  ]
  return SCRIPTS.map(([id]) => unchecked(id, `Its ${id} can't be checked: ${why}.`, fix))
}

/** The scripts of an app with the layer in it, with the packages of an app that is there. */
async function scriptChecks(
  combinations: readonly LayerCombination[],
  packages: string,
  signals: Signals,
): Promise<Check[]> {
  const problems = new Map<string, string>()
  for (const combination of combinations) {
    const found = await problemsIn(combination, packages, signals)
    for (const [id, message] of found) problems.set(id, message)
    if (problems.size > 0) break
  }
  return SCRIPTS.map(([id, script, well]) => {
    const message = problems.get(id)
    const fix = [`Correct it; an app's \`${script}\` says the same.`]
    return check(id, message === undefined ? [] : [{ message, fix }], well)
  })
}

/** What the scripts say of a combination, in a folder of ours. */
const problemsIn = (combination: LayerCombination, packages: string, signals: Signals) =>
  withScratch(async (scratch) => {
    const app = join(scratch, 'app')
    writePlan(withoutLocal(planOf(combination)), app)
    borrowPackages(app, packages)
    const problems: [id: string, message: string][] = []
    for (const [id, script] of SCRIPTS) {
      const options = { cwd: app, signals }
      const { exitCode, output } = await runProgram('npm', ['run', '--silent', script], options)
      await signals.check()
      const message = `With ${combination.title}: ${lastLines(output).trim()}`
      if (exitCode !== 0) problems.push([id, message])
    }
    return problems
  })

/** The `node_modules` of an app: above the layer, or of one that was made beside it. */
function packagesNear(
  path: string,
  needed: readonly string[],
): { readonly folder: string } | { readonly why: string } {
  const parent = dirname(path)
  const beside = readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(parent, name))
    .filter((folder) => existsSync(join(folder, RECORD_PATH)))
  const found = [path, ...beside]
    .map((near) => packagesOf(near))
    .filter((near) => near !== undefined)
  const missing = found.map((packages) => needed.filter((name) => !hasPackage(packages, name)))
  const folder = found[missing.findIndex((names) => names.length === 0)]
  if (folder !== undefined) return { folder }
  const [names = []] = missing
  return {
    why:
      found[0] === undefined
        ? 'no installed app is beside it'
        : `${found[0]} is without ${listPaths(names)}`,
  }
}

const hasPackage = (packages: string, name: string) =>
  existsSync(join(packages, name, 'package.json'))

/** The `node_modules` that the scripts find what they need in; with pnpm and Bun, links. */
function packagesOf(folder: string): string | undefined {
  const packages = join(folder, 'node_modules')
  const names = ['typescript', 'convex', 'prettier', 'oxlint']
  if (names.every((name) => hasPackage(packages, name))) return packages
  return folder === dirname(folder) ? undefined : packagesOf(dirname(folder))
}
