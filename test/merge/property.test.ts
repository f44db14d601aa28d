import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CliError } from '../../src/errors.ts'
import type { FileTree } from '../../src/merge/types.ts'
import { filesIn, gitProject, treeOf } from './git-project.ts'
import type { GitProject } from './git-project.ts'

/** A template in small: each feature adds a file, drops one, and has lines in the others. */
type FeatureName = 'x' | 'y'

const CODE = ['a.ts', 'b.ts', 'lib/c.ts', 'lib/d.ts', 'one/index.ts', 'two/index.ts']

function templateOf(features: readonly FeatureName[]): FileTree {
  const has = (feature: FeatureName) => features.includes(feature)
  const code = (path: string) =>
    Array.from({ length: 24 }, (_, index) => [
      `${path} line ${index}`,
      ...(has('x') && index === 4 ? [`${path} of x`] : []),
      ...(has('y') && index === 12 ? [`${path} of y`] : []),
    ])
      .flat()
      .filter((line) => !(has('x') && line.endsWith('line 19')))
      .join('\n')
      .concat('\n')
  const manifest = {
    name: 'app',
    scripts: { dev: 'vite', build: 'vite build', ...(has('y') && { y: 'y' }) },
    dependencies: {
      alpha: '1.0.0',
      ...(has('x') && { kappa: '2.0.0' }),
      zeta: has('y') ? '2.0.0' : '1.0.0',
    },
    files: ['a', ...(has('x') ? ['x'] : [])],
  }
  return treeOf(
    {
      ...Object.fromEntries(CODE.map((path) => [path, code(path)])),
      'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
      '.gitignore': `dist\n${has('x') ? '.x\n' : ''}*.log\n${has('y') ? '.y\n' : ''}`,
      ...(has('x') ? { 'x/new.ts': code('x') } : { 'plain.css': code('plain') }),
      ...(has('y') && { 'y.ts': code('y') }),
    },
    features.join(),
  )
}

/** What users do; each of their lines is one of a kind. */
type Edit =
  | { readonly kind: 'line'; readonly path: string; readonly at: number; readonly insert: boolean }
  | { readonly kind: 'cut'; readonly path: string; readonly at: number }
  | { readonly kind: 'delete'; readonly path: string }
  | { readonly kind: 'move'; readonly path: string; readonly to: string }
  | { readonly kind: 'new'; readonly path: string }
  | { readonly kind: 'json'; readonly group: string; readonly key: string }
  | { readonly kind: 'json-cut'; readonly group: string; readonly key: string }
  | { readonly kind: 'json-move'; readonly key: string }
  | { readonly kind: 'json-order'; readonly group: string }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'move-folder'; readonly path: string }
  | { readonly kind: 'crlf'; readonly path: string }
  | { readonly kind: 'bytes'; readonly path: string }

const present = fc.constantFrom(...CODE, 'x/new.ts', 'y.ts', 'plain.css', '.gitignore')
const group = fc.constantFrom('scripts', 'dependencies')
const key = fc.constantFrom('dev', 'alpha', 'mine', 'zeta', 'kappa', 'y')

const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('line' as const),
      path: present,
      at: fc.nat(24),
      insert: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), path: present, at: fc.nat(24) }),
  },
  fc.record({ kind: fc.constant('delete' as const), path: present }),
  fc.record({
    kind: fc.constant('move' as const),
    path: present,
    to: fc.constantFrom('moved.ts', 'lib/moved.ts', 'a/b/c.ts', 'new/one/index.ts', 'lib/index.ts'),
  }),
  fc.record({
    kind: fc.constant('new' as const),
    path: fc.constantFrom('x/new.ts', 'y.ts', 'plain.css', 'own/mine.ts'),
  }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('json' as const), group, key }) },
  fc.record({ kind: fc.constant('json-cut' as const), group, key }),
  fc.record({ kind: fc.constant('json-move' as const), key }),
  fc.record({ kind: fc.constant('json-order' as const), group }),
  fc.record({ kind: fc.constant('folder' as const), path: present }),
  fc.record({ kind: fc.constant('file' as const), path: fc.constantFrom('lib', 'x') }),
  fc.record({ kind: fc.constant('move-folder' as const), path: fc.constantFrom('lib', 'one') }),
  fc.record({ kind: fc.constant('crlf' as const), path: present }),
  fc.record({ kind: fc.constant('bytes' as const), path: present }),
)

let serial = 0
const mine = () => `mine-${serial++}`

function carryOut({ root, read }: GitProject, one: Edit): void {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  if (one.kind === 'new') {
    if (read(one.path) === undefined) write(one.path, `${mine()}\n${mine()}\n`)
    return
  }
  if (one.kind === 'file') {
    rmSync(join(root, one.path), { recursive: true, force: true })
    return write(one.path, `${mine()}\n`)
  }
  if (one.kind === 'move-folder') {
    if (!existsSync(join(root, one.path))) return
    mkdirSync(join(root, 'src'), { recursive: true })
    return renameSync(join(root, one.path), join(root, 'src', one.path))
  }
  const path = 'path' in one ? one.path : 'package.json'
  const text = read(path)
  if (text === undefined) return
  if (one.kind === 'delete') rmSync(join(root, path))
  else if (one.kind === 'folder') {
    rmSync(join(root, path))
    write(`${path}/${one.kind}.ts`, `${mine()}\n`)
  } else if (one.kind === 'crlf') write(path, text.replaceAll(/\r?\n/g, '\r\n'))
  else if (one.kind === 'bytes') {
    appendFileSync(join(root, path), Buffer.from(`${mine()} \xe9\n`, 'latin1'))
  } else if (one.kind === 'move') {
    if (read(one.to) !== undefined) return
    mkdirSync(dirname(join(root, one.to)), { recursive: true })
    renameSync(join(root, path), join(root, one.to))
  } else if (one.kind === 'json-move') {
    const { dependencies = {}, ...value } = JSON.parse(text) as Record<string, object>
    const { [one.key as 'alpha']: version, ...rest } = dependencies as Record<string, string>
    if (version === undefined) return
    const devDependencies = { ...value['devDependencies'], [one.key]: version }
    write(path, `${JSON.stringify({ ...value, dependencies: rest, devDependencies }, null, 2)}\n`)
  } else if (one.kind === 'json-order') {
    const value = JSON.parse(text) as Record<string, object>
    const reversed = Object.fromEntries(Object.entries(value[one.group] ?? {}).toReversed())
    write(path, `${JSON.stringify({ ...value, [one.group]: reversed }, null, 2)}\n`)
  } else if (one.kind === 'json' || one.kind === 'json-cut') {
    const value = JSON.parse(text) as Record<string, Record<string, string>>
    const { [one.key]: _, ...rest } = value[one.group] ?? {}
    value[one.group] = one.kind === 'json' ? { ...value[one.group], [one.key]: mine() } : rest
    write(path, `${JSON.stringify(value, null, 2)}\n`)
  } else {
    const lines = text.split('\n')
    const at = Math.min(one.at, lines.length - 1)
    if (one.kind === 'cut') lines.splice(at, lines.length > 2 ? 1 : 0)
    else lines.splice(at, one.insert ? 0 : 1, mine())
    write(path, `${lines.join('\n').trimEnd()}\n`)
  }
}

/** A file that was made of a folder has nothing below it. */
function carryOutIfPossible(project: GitProject, one: Edit): void {
  try {
    carryOut(project, one)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!['ENOTDIR', 'EEXIST', 'EISDIR', 'ENOTEMPTY'].includes(code)) throw error
  }
}

const ownLines = (files: Readonly<Record<string, string>>) =>
  Object.values(files).flatMap((text) => text.match(/mine-\d+/g) ?? [])

const features = fc.subarray<FeatureName>(['x', 'y'])
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 25)

test('whatever the user did: nothing of it is lost, conflicts have both sides, and the way back leads back', async () => {
  const property = fc.asyncProperty(
    features,
    features,
    fc.array(edit, { maxLength: 8 }),
    async (from, to, edits) => {
      const [before, after] = [templateOf(from), templateOf(to)]
      const project = gitProject(before)
      try {
        for (const one of edits) carryOutIfPossible(project, one)
        project.commit()
        const had = filesIn(project.root)
        const outcome = await project.merge(before, after).catch((error: unknown) => {
          // Something of theirs is in the way of a new file.
          if (!(error instanceof CliError)) throw error
          expect(project.status()).toEqual([])
          expect(filesIn(project.root)).toEqual(had)
        })
        if (!outcome) return
        const has = filesIn(project.root)
        const left = ownLines(has)
        expect(ownLines(had).filter((line) => !left.includes(line))).toEqual([])
        requireBothSides(project)
        requireOrder(String(had['package.json']), String(has['package.json']))
        requireNews(from, to, Object.values(has).join(), outcome)
        if (outcome.some((line) => line.endsWith(': conflict'))) return
        project.commit()
        await project.merge(before, after)
        expect(project.status()).toEqual([])
        if (!outcome.every((line) => /: (?:added|updated|merged|deleted)$/.test(line))) return
        if (isGone(edits)) return
        await project.merge(after, before)
        expect(inAnyOrder(filesIn(project.root))).toEqual(inAnyOrder(had))
      } finally {
        rmSync(project.root, { recursive: true, force: true })
      }
    },
  )
  await fc.assert(property, { numRuns: RUNS })
})

/** Keys stay in the order that the user gave them. */
function requireOrder(had: string, has: string): void {
  if (has.includes('<<<<<<<')) return
  const [before, after] = [had, has].map((text) => JSON.parse(text) as Record<string, object>)
  for (const group of ['scripts', 'dependencies', 'devDependencies']) {
    const [old, now] = [before, after].map((manifest) => Object.keys(manifest?.[group] ?? {}))
    expect(now?.filter((name) => old?.includes(name))).toEqual(
      old?.filter((name) => now?.includes(name)),
    )
  }
}

/** What the template adds to its code is there, or it is said that it isn't. */
function requireNews(
  from: readonly FeatureName[],
  to: readonly FeatureName[],
  text: string,
  outcome: readonly string[],
): void {
  const added = to.filter((feature) => !from.includes(feature))
  const missing = CODE.flatMap((path) =>
    added.flatMap((feature) => (text.includes(`${path} of ${feature}`) ? [] : [path])),
  )
  const said = outcome.filter((line) => /: (?:stayedDeleted|kept|conflict)$/.test(line))
  expect(missing.filter((path) => !said.some((line) => line.startsWith(path)))).toEqual([])
}

/** Of two lines that stood beside each other, nothing tells afterwards which came first. */
const inAnyOrder = (files: Readonly<Record<string, string>>) => ({
  ...files,
  '.gitignore': files['.gitignore']?.split('\n').toSorted(),
})

/** Where the user took out, moved or has themselves what a feature drops, nothing tells it apart afterwards. */
const isGone = (edits: readonly Edit[]) =>
  edits.some((one) => {
    if (one.kind === 'json') return ['zeta', 'kappa', 'y'].includes(one.key)
    // In a list of lines, another line in the place of one takes that out.
    return one.kind !== 'line' || (one.path === '.gitignore' && !one.insert)
  })

function requireBothSides({ git, read }: GitProject): void {
  const paths = git('diff', '--name-only', '--diff-filter=U', '-z').split('\0').filter(Boolean)
  for (const path of paths) {
    const stages = git('ls-files', '--unmerged', '-z', '--', `:(literal)${path}`)
    const at = (stage: number) => {
      const [, oid] = new RegExp(`([0-9a-f]{40}) ${stage}\t`).exec(stages) ?? []
      return oid === undefined ? [] : git('cat-file', 'blob', oid).split('\n')
    }
    const [base, ours, theirs] = [at(1), at(2), at(3)]
    const text = (read(path) ?? '').split('\n')
    const news = [...ours, ...theirs].filter((line) => !base.includes(line))
    expect(text, path).toEqual(expect.arrayContaining(news))
    expect(
      text.filter((line) => /^(?:<{7} yours|={7}\r?$|>{7} template 2)/.test(line)).length % 3,
    ).toBe(0)
  }
}
