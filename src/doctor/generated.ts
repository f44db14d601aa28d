import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../errors.ts'
import {
  API_TYPES,
  convexModules,
  declaredVariables,
  mergeApiTypes,
  ROUTE_TREE,
  SERVER_TYPES,
} from '../plan/convex-generated.ts'
import { readIfThere } from '../project/find.ts'
import { check } from './check.ts'
import type { Check, Problem, Inspection } from './check.ts'

/** Whether the files that tools write belong to the code that is there. */
export function generatedChecks(inspection: Inspection): Check[] {
  return [checkConvex(inspection), checkRouteTree(inspection)]
}

function checkConvex({ project }: Inspection): Check {
  const { root, pm } = project
  const fix = [`${pm.run} dev`, `${pm.exec} convex codegen`]
  const read = (path: string) => withoutCarriageReturns(readIfThere(join(root, path)))
  const lost = ['api.d.ts', 'api.js', 'dataModel.d.ts', 'server.d.ts', 'server.js'].filter(
    (name) => read(`convex/_generated/${name}`) === undefined,
  )
  const problems: Problem[] = lost.map((name) => ({
    message: `convex/_generated/${name} isn't there.`,
    fix,
  }))
  if (lost.length === 0 && !namesEveryModule(root, read(API_TYPES) ?? '')) {
    problems.push({ message: `${API_TYPES} doesn't name the modules of convex/.`, fix })
  }
  if (lost.length === 0 && !declaresAll(read)) {
    problems.push({ message: `${SERVER_TYPES} has other variables than convex.config.ts.`, fix })
  }
  return check('convex-generated', problems, 'convex/_generated belongs to the code of convex/.')
}

function namesEveryModule(root: string, types: string): boolean {
  const files = new Map(
    modulesBelow(root, 'convex').map((path) => [path, readIfThere(join(root, path)) ?? '']),
  )
  try {
    return mergeApiTypes(types, convexModules(files)) === types
  } catch (error) {
    // Not in the form that the Convex CLI writes.
    if (error instanceof CliError) return false
    throw error
  }
}

function declaresAll(read: (path: string) => string | undefined): boolean {
  const config = read('convex/convex.config.ts')?.replaceAll(/\/\*[^]*?\*\/|\/\/.*$/gm, '') ?? ''
  const wanted = [...config.matchAll(/(?<=[{,]\s*)(\w+):\s*v\s*\./g)].map(([, name = '']) => name)
  const declared = declaredVariables(read(SERVER_TYPES) ?? '').map(({ name }) => name)
  // A validator may have a name of its own, or the key quotes.
  const isNamed = (name: string) => new RegExp(`\\b${name}\\b`).test(config)
  return wanted.every((name) => declared.includes(name)) && declared.every(isNamed)
}

function checkRouteTree({ project }: Inspection): Check {
  const { root, pm } = project
  const tree = readIfThere(join(root, ROUTE_TREE))
  const fix = [`${pm.run} build`]
  // With the quotes, and the endings, that the router's own settings ask for.
  const imports = (tree ?? '').matchAll(/from ['"]\.\/(routes\/[^'"]+?)(?:\.[jt]sx?)?['"]/g)
  const named = [...imports].map(([, path]) => path)
  const routes = modulesBelow(join(root, 'src'), 'routes')
    .filter((path) => /\.[jt]sx?$/.test(path) && !/\/-/.test(path))
    .map((path) => path.replace(/\.[jt]sx?$/, ''))
  const fresh = named.toSorted().join() === routes.toSorted().join()
  const message = `${ROUTE_TREE} ${tree === undefined ? "isn't there" : "doesn't name the routes of src/routes"}.`
  return check('route-tree', fresh ? [] : [{ message, fix }], `${ROUTE_TREE} names every route.`)
}

/** As git has it: a checkout on Windows may have other line ends. */
const withoutCarriageReturns = (text: string | undefined) => text?.replaceAll('\r\n', '\n')

/** Every file below a folder of a root, with slashes; none where it isn't there. */
function modulesBelow(root: string, folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
      .map((path) => path.replaceAll('\\', '/'))
  } catch {
    return []
  }
}
