import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'prettier'
import { expect, test } from 'vitest'
import type { EnvVar } from '../../../src/layers/layer.ts'
import {
  convexModules,
  declaredVariables,
  mergeApiTypes,
  mergeComponents,
  mergeServerTypes,
} from '../../../src/plan/convex-generated.ts'

const root = join(import.meta.dirname, '../../..')
const codegen = join(root, 'node_modules/convex/dist/esm/cli/codegen_templates')
const shipped = (name: string) =>
  readFileSync(join(root, 'template-base/convex/_generated', name), 'utf8')

/** What the functions of the Convex CLI make of modules, as it formats it. */
async function written(modules: readonly string[]): Promise<string> {
  const { importPath, moduleIdentifier } = await import(join(codegen, 'api.js'))
  const { compareModulePaths } = await import(join(codegen, 'common.js'))
  const sorted = modules.toSorted(compareModulePaths)
  const imports = sorted.map(
    (path) => `import type * as ${moduleIdentifier(path)} from "../${importPath(path)}.js";`,
  )
  const entries = sorted.map((path) => `"${importPath(path)}": typeof ${moduleIdentifier(path)},`)
  const text = `${imports.join('\n')}\n\ndeclare const fullApi: ApiFromModules<{\n${entries.join('\n')}\n}>;`
  return format(text, { parser: 'typescript' })
}

const pathsOf = (modules: readonly string[]) => modules.map((path) => `convex/${path}`)

const filesOf = (modules: readonly string[], content = 'export {}') =>
  new Map(modules.map((path) => [`convex/${path}`, content]))

test.each([
  [['auth.ts', 'http.ts']],
  [['b.ts', 'a.ts', 'a/b.ts', 'a-b.ts', 'B.ts', 'a2.ts', 'a10.ts', 'aB.ts']],
  [['default.ts', 'delete.ts', 'api.ts', 'internal.ts', 'of.ts', 'async.ts']],
  [['deep/er/a.js', 'x.tsx', 'y.mjs', '_z.cts', 'w.jsx', '$dollar.ts']],
  [[`${'long-'.repeat(15)}name.ts`, `folder/${'x'.repeat(70)}.ts`]],
])('modules are listed as the Convex CLI lists them: %j', async (modules) => {
  const merged = mergeApiTypes(shipped('api.d.ts'), pathsOf(modules))
  const runs = /(?:^import type \* as .*\n)+/m.exec(merged)?.[0]
  const api = /^declare const fullApi: [^]*?^\}>;\n/m.exec(merged)?.[0]
  expect(`${runs}\n${api}`).toBe(await written(modules))
})

test('with the modules of the base layer alone, nothing changes', () => {
  const modules = readdirSync(join(root, 'template-base/convex')).filter((name) =>
    /^(?!schema)[^.]+\.ts$/.test(name),
  )
  expect(modules).toContain('auth.ts')
  const text = shipped('api.d.ts')
  expect(mergeApiTypes(text, pathsOf(modules))).toBe(text)
})

test('a component stands among the others, and a text that is not the CLI’s is refused', () => {
  const merged = mergeComponents(shipped('api.d.ts'), { resend: '@convex-dev/resend' })
  const names = merged.match(/^ {2}\w+(?=: import\()/gm)
  expect(names).toEqual(['  betterAuth', '  rateLimiter', '  resend'])
  expect(merged).toContain(
    '  resend: import("@convex-dev/resend/_generated/component.js").ComponentApi<"resend">;\n',
  )
  expect(() => mergeComponents('', { resend: '@convex-dev/resend' })).toThrow('not in the form')
})

test('only what a deployment takes for a module is one', () => {
  const none = [
    '_generated/api.js',
    'auth.config.ts',
    'convex.config.ts',
    'a.test.ts',
    'types.d.ts',
    'schema.ts',
    'deep/schema.js',
    '.hidden.ts',
    '#a.ts',
    'with space.ts',
    'README.md',
    'data.json',
    'component/convex.config.ts',
    'component/functions.ts',
    'component/deep/functions.ts',
  ]
  const files = new Map([
    ...filesOf([...none, 'a.ts', 'components.ts']),
    ...filesOf(['empty.ts', 'comment.ts'], '// import it\nconst a = 1\n'),
    ...filesOf(['script.js'], ''),
    ['src/a.ts', 'export {}'],
    ['convexity/a.ts', 'export {}'],
  ])
  expect(convexModules(files)).toEqual(['convex/a.ts', 'convex/components.ts', 'convex/script.js'])
})

test('variables are declared as the Convex CLI declares them', async () => {
  const { generateEnvInterface, withPlatformEnvVars } = await import(join(codegen, 'server.js'))
  const env: readonly EnvVar[] = [
    { name: 'SITE_URL', description: '' },
    { name: 'GITHUB_ID', description: '', optional: true },
    { name: 'A', description: '', optional: false },
    { name: 'B'.repeat(48), description: '', optional: true },
    { name: 'C'.repeat(49), description: '', optional: true },
    { name: 'D'.repeat(80), description: '' },
  ]
  // A deployment keeps them in a sorted map (BTreeMap), and answers in that order.
  const answered = env
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, optional }) => [name, { type: 'value', value: '{"type":"string"}', optional }])
  const expected = await format(generateEnvInterface(withPlatformEnvVars(answered)), {
    parser: 'typescript',
  })
  const merged = mergeServerTypes(shipped('server.d.ts'), env)
  expect(merged).toContain(expected)
  expect(merged.match(/readonly/g)).toHaveLength(8)
})

test('a variable of another type stays as the Convex CLI wrote it', async () => {
  const { generateEnvInterface, withPlatformEnvVars } = await import(join(codegen, 'server.js'))
  const literals = (...texts: string[]) => ({
    type: 'union',
    value: texts.map((value) => ({ type: 'literal', value })),
  })
  const long = ['a;', 'b', 'c'].map((letter) => letter.repeat(30))
  const types = { LONG: literals(...long), MODE: literals('a', 'b'), lower: { type: 'string' } }
  const answered = Object.entries(types).flatMap(([name, type]) =>
    [false, true].map((optional) => [
      `${name}${optional ? '_too' : ''}`,
      { type: 'value', value: JSON.stringify(type), optional },
    ]),
  )
  const written = await format(generateEnvInterface(withPlatformEnvVars(answered)), {
    parser: 'typescript',
  })
  const declared = declaredVariables(written)
  expect(declared.map(({ name, optional }) => [name, optional])).toEqual(
    answered.map(([name]) => [name, String(name).endsWith('_too')]),
  )
  const merged = mergeServerTypes(shipped('server.d.ts'), declared)
  expect(merged).toContain(written)
  expect(mergeServerTypes(merged, declared)).toBe(merged)
})

test('a file of another shape is an error', () => {
  expect(() => mergeApiTypes('export {}\n', pathsOf(['a.ts']))).toThrow(
    'convex/_generated/api.d.ts is not in the form that the Convex CLI writes.',
  )
  expect(() => mergeServerTypes('export {}\n', [])).toThrow(
    'convex/_generated/server.d.ts is not in the form',
  )
  const twice = `${shipped('server.d.ts')}\ntype Other = {\n  readonly A: string;\n};\n`
  expect(() => mergeServerTypes(twice, [])).toThrow('is not in the form')
})
