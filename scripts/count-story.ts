import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseSync, Visitor } from 'rolldown/utils'
import { commandNames } from '../src/options/questions.ts'

const root = join(import.meta.dirname, '../src')

/** Where the story ends: these begin what is another command's, or comes after the writing. */
const ENDS = [
  ...commandNames.filter((name) => name !== 'create'),
  ...'fromRecord goOn helpText setUp stopped commandsToGoOn takenBack'.split(' '),
  ...'reportCreation reportDryRun fail'.split(' '),
]

/** What only some runs load: layers of others, and the prompts. */
const ON_DEMAND = ['fetchLayer', 'ask', 'askLineByLine']

const LIMITS = { functions: 141, files: 30, depth: 7, lines: 40 }

interface Declaration {
  readonly file: string
  readonly name: string
  readonly lines: number
  /** A function or a method; else a constant, whose functions count when it is used. */
  readonly isFunction: boolean
  /** Files and names of what its code mentions. */
  readonly uses: readonly (readonly [file: string, name: string])[]
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

const modules = new Map<string, ReadonlyMap<string, Declaration>>()

/**
 * The declarations at the top of a module, and what each mentions. A mention
 * counts as a call, be it called there or handed on.
 */
function declarationsOf(file: string): ReadonlyMap<string, Declaration> {
  const known = modules.get(file)
  if (known) return known
  const text = readFileSync(file, 'utf8')
  const { program, module } = parseSync(file, text)
  const imports = new Map<string, readonly [file: string, name: string]>()
  for (const { moduleRequest, entries } of module.staticImports) {
    if (!moduleRequest.value.startsWith('.')) continue
    const from = join(dirname(file), moduleRequest.value)
    for (const { importName, localName, isType } of entries) {
      if (!isType) imports.set(localName.value, [from, importName.name ?? localName.value])
    }
  }
  const declarations = new Map<string, Declaration>()
  modules.set(file, declarations)
  const statements = program.body as unknown as readonly Node[]
  const tops = statements.flatMap((statement) => namedParts(statement))
  const local = new Set(tops.map(([name]) => name))
  const start: (readonly [string, string])[] = []
  for (const statement of statements) {
    if (namedParts(statement).length > 0 || /^(?:Import|TS)/.test(statement.type)) continue
    start.push(...mentions(statement, text, file, imports, local))
  }
  declarations.set('', { file, name: '', lines: 0, isFunction: false, uses: start })
  for (const [name, node, isFunction] of tops) {
    const lines = text.slice(node.start, node.end).split('\n').length
    const uses = mentions(node, text, file, imports, local)
    declarations.set(name, { file, name, lines, isFunction, uses })
  }
  return declarations
}

/** Name, code, and whether it is a function, of what a statement declares. */
function namedParts(statement: Node): (readonly [string, Node, boolean])[] {
  const node = (
    statement.type.startsWith('Export') ? (statement['declaration'] ?? statement) : statement
  ) as Node
  const idOf = (inner: Node) => (inner['id'] as { name: string } | null)?.name ?? ''
  if (node.type === 'FunctionDeclaration') return [[idOf(node), node, true]]
  if (node.type === 'ClassDeclaration') {
    const { body } = node['body'] as { body: readonly Node[] }
    const methods = body.filter(({ type }) => type === 'MethodDefinition')
    return [
      [idOf(node), node, false],
      ...methods.map(
        (method) =>
          [`${idOf(node)}.${(method['key'] as { name: string }).name}`, method, true] as const,
      ),
    ]
  }
  if (node.type !== 'VariableDeclaration') return []
  return (node['declarations'] as readonly Node[]).map((declarator) => {
    const init = declarator['init'] as Node | null
    const isFunction = /^(?:ArrowFunction|Function)Expression$/.test(init?.type ?? '')
    return [idOf(declarator), declarator, isFunction] as const
  })
}

function mentions(
  node: Node,
  text: string,
  file: string,
  imports: ReadonlyMap<string, readonly [file: string, name: string]>,
  local: ReadonlySet<string>,
): (readonly [string, string])[] {
  const found: (readonly [string, string])[] = []
  new Visitor({
    Identifier: ({ name }) => {
      const imported = imports.get(name)
      if (imported) found.push(imported)
      else if (local.has(name)) found.push([file, name])
    },
  }).visit({ type: 'Program', body: [node], start: node.start, end: node.end } as never)
  // const { create } = await import('./create.ts'), or (await import('./create.ts')).create
  const code = text.slice(node.start, node.end)
  const dynamic = /\{([^{}]*)\} = await import\('(\.[^']+)'\)|await import\('(\.[^']+)'\)\)\.(\w+)/g
  for (const [, names = '', path, other, member = ''] of code.matchAll(dynamic)) {
    const from = join(dirname(file), path ?? other ?? '')
    for (const name of (names || member).split(',')) {
      if (name.trim()) found.push([from, name.trim().split(':')[0] ?? ''])
    }
  }
  // Of a class of ours, its methods.
  for (const [, member = ''] of code.matchAll(/\.(\w+)\(/g)) {
    for (const [from] of found.slice()) {
      for (const name of declarationsOf(from).keys()) {
        if (name.endsWith(`.${member}`)) found.push([from, name])
      }
    }
  }
  return found
}

/** Every declaration that the story reaches, and the fewest calls that lead there. */
function story(ends: readonly string[] = ENDS): Map<Declaration, number> {
  const depths = new Map<Declaration, number>()
  const entry = declarationsOf(join(root, 'index.ts')).get('')
  const queue: [Declaration | undefined, number][] = [[entry, 0]]
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [declaration, depth] = next
    if (!declaration || depths.has(declaration)) continue
    depths.set(declaration, depth)
    for (const [file, name] of declaration.uses) {
      if (ends.includes(name)) continue
      const used = declarationsOf(file).get(name)
      queue.push([used, depth + (used?.isFunction ? 1 : 0)])
    }
  }
  return depths
}

/** The functions that are reached, and how many files and calls they take. */
function figuresOf(depths: ReadonlyMap<Declaration, number>) {
  const functions = [...depths].filter(([{ isFunction }]) => isFunction)
  return {
    functions: functions.length,
    files: new Set(functions.map(([{ file }]) => file)).size,
    depth: Math.max(...functions.map(([, depth]) => depth)),
    lines: Math.max(...functions.map(([{ lines }]) => lines)),
  }
}

type Figures = ReturnType<typeof figuresOf>

const sentence = ({ functions, files, depth, lines }: Figures) =>
  `${functions} functions in ${files} files, ${depth} deep; the longest has ${lines} lines.`

/** Every function that is reached: depth, lines, how many mention it, where it is. */
function listOf(depths: ReadonlyMap<Declaration, number>): string[] {
  const mentioners = (declaration: Declaration) =>
    [...depths.keys()].filter(
      (other) =>
        other !== declaration &&
        other.uses.some(([file, name]) => file === declaration.file && name === declaration.name),
    ).length
  const rows = [...depths].flatMap(([declaration, depth]) => {
    const { file, name, lines, isFunction } = declaration
    const numbers = [depth, lines, mentioners(declaration)].map((n) => String(n).padStart(5))
    return isFunction ? [{ place: `${relative(root, file)}  ${name}`, numbers }] : []
  })
  const sorted = rows.toSorted((a, b) => (a.place < b.place ? -1 : 1))
  return [
    'depth lines users',
    ...sorted.map(({ place, numbers }) => `${numbers.join(' ')}  ${place}`),
  ]
}

const depths = story()
const figures = figuresOf(depths)
if (process.argv.includes('--list')) console.log(listOf(depths).join('\n'))
console.log(`
From argv to the written repository: ${sentence(figures)}
Of these, where nothing is asked or fetched: ${sentence(figuresOf(story([...ENDS, ...ON_DEMAND])))}

A function counts if it is declared at the top of a module, or is a method, and
code that create runs mentions it; every error counts, too. Left out: ${ENDS.join(', ')}.
`)
for (const [name, limit] of Object.entries(LIMITS)) {
  const figure = figures[name as keyof Figures]
  if (figure <= limit) continue
  console.log(`${name}: ${figure}, and should be ${limit} at most`)
  process.exitCode = 1
}
