import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, Visitor } from 'rolldown/utils'
import { expect, test } from 'vitest'

const src = join(import.meta.dirname, '../../src')

const modulesIn = (folder: string) =>
  readdirSync(join(src, folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)

/** What a module imports at run time, and whether it names `process`. */
function dependencies(path: string): readonly string[] {
  const text = readFileSync(join(src, path), 'utf8')
  const { program, module } = parseSync(path, text)
  const found = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.dynamicImports.map(({ moduleRequest }) =>
      text.slice(moduleRequest.start + 1, moduleRequest.end - 1),
    ),
  ]
  new Visitor({
    Identifier: ({ name }) => {
      if (name === 'process') found.push('process')
    },
  }).visit(program)
  return found.map((name) => name.replace(/^node:/, ''))
}

const worldly = /^(?:fs|child_process|process|os|net|http|https|worker_threads)\b/

const pure = [
  ...modulesIn('plan'),
  ...modulesIn('merge'),
  ...modulesIn('report'),
  // Asking is an effect by nature.
  ...modulesIn('options').filter((path) => !path.endsWith('prompts.ts')),
]

test.each(pure)('%s is pure: no files, no processes', (path) => {
  expect(dependencies(path).filter((name) => worldly.test(name))).toEqual([])
})

test('files are written in repo/ only', () => {
  const writers = folders
    .filter((folder) => folder !== 'repo')
    .flatMap(modulesIn)
    .filter((path) =>
      /\b(?:writeFile|appendFile|mkdir|rename|copyFile|link|symlink)(?:Sync)?\(/.test(
        readFileSync(join(src, path), 'utf8'),
      ),
    )
  // A fetched layer goes through a folder of its own in the system's.
  expect(writers).toEqual(['layers/fetch.ts'])
})

/** Which folders of src/ a folder's modules may import; a module at the top of src/, any. */
const edges: Readonly<Record<string, readonly string[]>> = {
  layers: [],
  plan: ['layers'],
  options: ['layers'],
  merge: ['layers', 'plan'],
  repo: ['layers', 'merge', 'options', 'plan'],
  system: [],
  project: ['layers', 'plan', 'repo'],
  setup: ['options', 'plan', 'project', 'system'],
  doctor: ['layers', 'plan', 'project', 'system'],
  update: ['layers', 'merge', 'plan', 'project', 'repo', 'setup', 'system'],
  report: ['doctor', 'layers', 'merge', 'options', 'plan', 'setup'],
  commands: [
    'doctor',
    'layers',
    'merge',
    'options',
    'plan',
    'project',
    'repo',
    'report',
    'setup',
    'system',
    'update',
  ],
}

const folders = readdirSync(src, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** The folders that a module imports from, for types, too. */
function importedFolders(path: string): string[] {
  const text = readFileSync(join(src, path), 'utf8')
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'\.\.\/([a-z-]+)\//g)]
  return [...new Set(specifiers.map(([, folder = '']) => folder))]
}

test('the folders import along the edges of the drawing, which has no circle', () => {
  expect(folders.toSorted()).toEqual(Object.keys(edges).toSorted())
  for (const folder of folders) {
    const imported = new Set(modulesIn(folder).flatMap(importedFolders))
    imported.delete(folder)
    expect(
      [...imported].filter((name) => !edges[folder]?.includes(name)),
      folder,
    ).toEqual([])
  }
  const reaches = (from: string, to: string): boolean =>
    (edges[from] ?? []).some((next) => next === to || reaches(next, to))
  expect(folders.filter((folder) => reaches(folder, folder))).toEqual([])
})

/** The names that a module declares at its top. */
function declaredNames(path: string): string[] {
  const { program } = parseSync(path, readFileSync(join(src, path), 'utf8'))
  return program.body.flatMap((statement) => {
    const declaration = 'declaration' in statement ? statement.declaration : statement
    if (!declaration) return []
    if (declaration.type === 'VariableDeclaration') {
      return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? id.name : []))
    }
    return 'id' in declaration && declaration.id && 'name' in declaration.id
      ? [String(declaration.id.name)]
      : []
  })
}

test('a name is declared in one module: functions, constants and types', () => {
  const owners = new Map<string, string[]>()
  const modules = ['.', ...folders].flatMap((folder) => modulesIn(folder))
  for (const path of modules) {
    for (const name of declaredNames(path)) owners.set(name, [...(owners.get(name) ?? []), path])
  }
  const shared = [...owners].filter(([, paths]) => paths.length > 1)
  expect(shared).toEqual([])
  expect(owners.get('makePlan')).toEqual(['plan/plan.ts'])
  expect(owners.get('PlannedFile')).toEqual(['plan/types.ts'])
})

test('the check sees what it looks for', () => {
  expect(dependencies('repo/write.ts')).toContain('fs')
  expect(dependencies('layers/read.ts')).toContain('process')
  expect(dependencies('layers/fetch.ts')).toContain('giget')
})
