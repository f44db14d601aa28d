import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isNeeded, templateData } from '../../src/plan/data.ts'
import { makePlan } from '../../src/plan/plan.ts'
import type { Plan, PlanInput } from '../../src/plan/types.ts'
import { packageManagers, type PackageManager } from '../../src/package-managers.ts'
import { addRecord } from '../../src/repo/record.ts'
import { COMBINATIONS, layersOf } from '../helpers/combinations.ts'

const INPUT: PlanInput = {
  name: 'my-app',
  port: 3000,
  packageManager: 'npm',
  secret: '0123456789abcdef'.repeat(4),
  generatorVersion: '0.0.0-test',
}

const root = join(import.meta.dirname, '../..')

describe.each(COMBINATIONS)('$name', (combination) => {
  const planned = async () => makePlan(await layersOf(combination), INPUT)

  test('the plan is the one that was reviewed', async () => {
    await expect(describePlan(await planned())).toMatchFileSnapshot(
      `__snapshots__/${combination.name}.txt`,
    )
  })

  test('every package that the code imports is in package.json', async () => {
    const plan = await planned()
    const manifest = JSON.parse(textOf(plan, 'package.json')) as {
      dependencies: Record<string, string>
      devDependencies: Record<string, string>
    }
    const declared = { ...manifest.dependencies, ...manifest.devDependencies }
    const missing = [...importedPackages(plan)].filter((name) => !Object.hasOwn(declared, name))
    expect(missing).toEqual([])
  })

  test('every version is exact', async () => {
    const text = textOf(await planned(), 'package.json')
    const manifest = JSON.parse(text) as Record<string, Record<string, string>>
    const versions = ['dependencies', 'devDependencies'].flatMap((group) =>
      Object.values(manifest[group] ?? {}),
    )
    expect(versions.length).toBeGreaterThan(20)
    for (const version of versions) expect(version).toMatch(/^\d+\.\d+\.\d+/)
  })

  test('the README sets all that a deployment of its own needs', async () => {
    const layers = await layersOf(combination)
    const data = templateData(layers, INPUT)
    const [, production = '', previews = ''] = textOf(makePlan(layers, INPUT), 'README.md')
      .split(/^## Production|^### Previews of pull requests/m)
      .map((part) => part.split(/^## /m)[0])
    const needed = data.env.filter((one) => isNeeded(one, data, 'https://your-app.example'))
    for (const { name } of needed) {
      expect(production).toMatch(new RegExp(`^npx convex env set --prod ${name}\\b`, 'm'))
      const isProviders = data.providers.some(({ env }) => env.some((own) => own.name === name))
      // The provider's section says how.
      if (isProviders) continue
      expect(previews).toMatch(
        new RegExp(`^npx convex env default set --type preview ${name}\\b`, 'm'),
      )
    }
  })

  test('no trace of the generator is left but its record', async () => {
    const layers = await layersOf(combination)
    const plan = addRecord(makePlan(layers, INPUT), layers, INPUT)
    // `={{` is JSX's own: an object as a property.
    const traces = [...plan.keys()].filter((path) =>
      /@slot|template-(?:base|tailwind|social)|start-convex-auth|(?<!=)\{\{/.test(
        textOf(plan, path),
      ),
    )
    expect(traces).toEqual(['.github/workflows/update.yml', '.start-convex-auth.json', 'README.md'])
  })
})

test.each(Object.keys(packageManagers) as PackageManager[])(
  'the app’s pages name the commands of %s, and of no other',
  async (packageManager) => {
    const [combination] = COMBINATIONS
    const layers = await layersOf(combination!, packageManager)
    const plan = makePlan(layers, { ...INPUT, packageManager })
    const pages = [...plan.keys()].filter((path) => path.startsWith('src/'))
    const text = pages.map((path) => textOf(plan, path)).join('\n')
    const { exec, run } = packageManagers[packageManager]
    const commands = /'((?:npx|npm run|pnpm (?:exec|run)|yarn run|bunx|bun run) [^']+)'/g
    expect([...text.matchAll(commands)].map(([, command]) => command)).toEqual([
      `${exec} convex init`,
      `${exec} convex env set --from-file .env.convex`,
      `${run} dev`,
    ])
  },
)

/**
 * Every file with its mode and its owners, and the whole text of those that the
 * engine composed; a file without text is, letter by letter, its owner's.
 */
function describePlan(plan: Plan): string {
  return [...plan]
    .map(([path, { content, mode, from, local }]) => {
      const head = `${mode.toString(8)} ${path} (${from.join(', ')})${local ? ' local' : ''}`
      const verbatim = from.length === 1 && content === sourceOf(path, from[0])
      if (verbatim) return head
      return `${head}\n${String(content).replaceAll(/^(?=.)/gm, '    | ')}`
    })
    .join('\n')
}

function sourceOf(path: string, layer: string | undefined): string | undefined {
  try {
    return readFileSync(join(root, `template-${layer}`, path), 'utf8')
  } catch {
    return undefined // Rendered from a .hbs file.
  }
}

function textOf(plan: Plan, path: string): string {
  const content = plan.get(path)?.content
  if (typeof content !== 'string') throw new Error(`${path} is not text`)
  return content
}

function importedPackages(plan: Plan): Set<string> {
  const specifiers = [...plan.keys()]
    .filter((path) => /\.(?:[cm]?[jt]sx?|css)$/.test(path))
    .flatMap((path) => [
      ...textOf(plan, path).matchAll(/(?:from|import|@import)\s*\(?\s*['"]([^'"./~\d][^'"]*)['"]/g),
    ])
    .map(([, specifier = '']) => specifier)
    .filter((specifier) => !specifier.startsWith('node:'))
  const names = specifiers.map((specifier) =>
    specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/'),
  )
  return new Set(names.filter((name) => !builtinModules.includes(name)))
}
