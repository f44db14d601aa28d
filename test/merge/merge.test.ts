import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CliError } from '../../src/errors.ts'
import { withMerge } from '../../src/repo/merge.ts'
import { RECORD_PATH } from '../../src/repo/record.ts'
import { gitProject, treeOf } from './git-project.ts'
import type { Texts } from './git-project.ts'

/** Twelve lines, some of them other than `line N`. */
const lines = (changes: Readonly<Record<number, string>> = {}) =>
  Array.from({ length: 12 }, (_, index) => `${changes[index + 1] ?? `line ${index + 1}`}\n`).join(
    '',
  )

interface Case {
  readonly before: Texts
  readonly after: Texts
  /** What the user did. */
  readonly edits?: Texts
  readonly outcome: readonly string[]
  /** What is there in the end. */
  readonly files: Texts
}

const cases: Readonly<Record<string, Case>> = {
  'a new file': {
    before: {},
    after: { 'src/new.ts': 'new\n' },
    outcome: ['src/new.ts: added'],
    files: { 'src/new.ts': 'new\n' },
  },
  'a file that the user has not edited': {
    before: { 'a.ts': lines() },
    after: { 'a.ts': lines({ 3: 'template' }) },
    edits: { 'b.ts': 'mine\n' },
    outcome: ['a.ts: updated'],
    files: { 'a.ts': lines({ 3: 'template' }), 'b.ts': 'mine\n' },
  },
  'a file that both changed': {
    before: { 'a.ts': lines() },
    after: { 'a.ts': lines({ 3: 'template' }) },
    edits: { 'a.ts': lines({ 9: 'mine' }) },
    outcome: ['a.ts: merged'],
    files: { 'a.ts': lines({ 3: 'template', 9: 'mine' }) },
  },
  'the same change on both sides': {
    before: { 'a.ts': lines() },
    after: { 'a.ts': lines({ 3: 'same' }) },
    edits: { 'a.ts': lines({ 3: 'same' }) },
    outcome: [],
    files: { 'a.ts': lines({ 3: 'same' }) },
  },
  'a file that the user moved and edited': {
    before: { 'a.ts': lines() },
    after: { 'a.ts': lines({ 3: 'template' }) },
    edits: { 'a.ts': undefined, 'lib/b.ts': lines({ 9: 'mine' }) },
    outcome: ['a.ts → lib/b.ts: merged'],
    files: { 'a.ts': undefined, 'lib/b.ts': lines({ 3: 'template', 9: 'mine' }) },
  },
  'a file that the user deleted, and the template changes': {
    before: { 'a.ts': lines() },
    after: { 'a.ts': lines({ 3: 'template' }) },
    edits: { 'a.ts': undefined },
    outcome: ['a.ts: stayedDeleted'],
    files: { 'a.ts': undefined },
  },
  'a file that the template drops': {
    before: { 'lib/a.ts': lines() },
    after: {},
    outcome: ['lib/a.ts: deleted'],
    files: { lib: undefined },
  },
  'a file that the template drops, and the user edited': {
    before: { 'a.ts': lines() },
    after: {},
    edits: { 'a.ts': lines({ 9: 'mine' }) },
    outcome: ['a.ts: kept'],
    files: { 'a.ts': lines({ 9: 'mine' }) },
  },
  'a file that the template drops, and the user moved': {
    before: { 'a.ts': lines() },
    after: {},
    edits: { 'a.ts': undefined, 'b.ts': lines() },
    outcome: ['a.ts → b.ts: kept'],
    files: { 'b.ts': lines() },
  },
  'a new file that the user has, too, just so': {
    before: {},
    after: { 'a.ts': lines() },
    edits: { 'a.ts': lines() },
    outcome: [],
    files: { 'a.ts': lines() },
  },
  'a file that is no text': {
    before: { 'a.bin': '\0\u0001\u0002' },
    after: { 'a.bin': '\0\u0001\u0003' },
    outcome: ['a.bin: updated'],
    files: { 'a.bin': '\0\u0001\u0003' },
  },
  'no line end at the end': {
    before: { 'a.ts': lines().trimEnd() },
    after: { 'a.ts': lines({ 3: 'template' }).trimEnd() },
    edits: { 'a.ts': lines({ 8: 'mine' }).trimEnd() },
    outcome: ['a.ts: merged'],
    files: { 'a.ts': lines({ 3: 'template', 8: 'mine' }).trimEnd() },
  },
  'CRLF in git': {
    before: { 'a.ts': lines() },
    after: { 'a.ts': lines({ 3: 'template' }) },
    edits: { 'a.ts': lines({ 9: 'mine' }).replaceAll('\n', '\r\n') },
    outcome: ['a.ts: merged'],
    files: { 'a.ts': lines({ 3: 'template', 9: 'mine' }).replaceAll('\n', '\r\n') },
  },
  'a file that the user turned into a folder': {
    before: { a: lines() },
    after: { a: lines({ 3: 'template' }) },
    edits: { a: undefined, 'a/mine.ts': 'mine\n' },
    outcome: ['a: stayedDeleted'],
    files: { 'a/mine.ts': 'mine\n' },
  },
  'a folder that the user turned into a file': {
    before: { 'lib/a.ts': lines(), 'lib/b/c.ts': lines() },
    after: { 'lib/a.ts': lines({ 3: 'template' }), 'lib/b/c.ts': lines({ 3: 'template' }) },
    edits: { lib: 'mine\n' },
    outcome: ['lib/a.ts: stayedDeleted', 'lib/b/c.ts: stayedDeleted'],
    files: { lib: 'mine\n' },
  },
  'a file that the template turned into a folder': {
    before: { a: lines() },
    after: { 'a/b.ts': 'new\n' },
    outcome: ['a: deleted', 'a/b.ts: added'],
    files: { 'a/b.ts': 'new\n' },
  },
  'a folder that the template turned into a file': {
    before: { 'a/b/c.ts': lines(), 'a/d.ts': lines() },
    after: { a: 'new\n' },
    outcome: ['a: added', 'a/b/c.ts: deleted', 'a/d.ts: deleted'],
    files: { a: 'new\n' },
  },
  'names with all that git would quote': {
    before: { 'src/$a [b] "ü.ts': lines() },
    after: { 'src/$a [b] "ü.ts': lines({ 3: 'template' }), 'src/*.ts': 'new\n' },
    edits: { 'src/$a [b] "ü.ts': lines({ 9: 'mine' }) },
    outcome: ['src/$a [b] "ü.ts: merged', 'src/*.ts: added'],
    files: { 'src/$a [b] "ü.ts': lines({ 3: 'template', 9: 'mine' }), 'src/*.ts': 'new\n' },
  },
  'secrets and lockfiles': {
    before: { '.env.convex': 'SECRET=1\n', 'yarn.lock': '1\n' },
    after: { '.env.convex': 'SECRET=2\n', 'yarn.lock': '2\n', 'package-lock.json': '{}\n' },
    outcome: [],
    files: { '.env.convex': 'SECRET=1\n', 'yarn.lock': '1\n', 'package-lock.json': undefined },
  },
}

/** Where the project is a folder of the repository, paths have to be put together. */
const paths = ['a file that both changed', 'a file that the user moved and edited', 'a new file']
const places = Object.keys(cases).flatMap((name) => [
  { name, folder: '' },
  ...(paths.includes(name) ? [{ name, folder: 'apps/web' }] : []),
])

describe('merges', () => {
  test.each(places)('$name, in the folder "$folder"', async ({ name, folder }) => {
    const { before, after, edits, outcome, files } = cases[name] as Case
    const [from, to] = [treeOf(before), treeOf(after, 'after')]
    const project = gitProject(from, folder)
    project.commit(edits)
    expect(await project.merge(from, to)).toEqual(outcome)
    for (const [path, text] of Object.entries(files)) expect(project.read(path), path).toBe(text)
    expect(project.read(RECORD_PATH)).toBe('after\n')
    // All of it is staged, and what is staged is what is there.
    expect(project.git('diff', '--name-only')).toBe('')
    project.commit()
    expect(await project.merge(from, to)).toEqual(outcome.filter(isKept))
    expect(project.status()).toEqual([])
  })
})

/** What is said each time, because nothing is changed. */
const isKept = (line: string) => /: (?:kept|stayedDeleted)$/.test(line)

describe('a conflict', () => {
  const before = treeOf({ 'a.ts': lines(), 'b.ts': lines() })
  const after = treeOf({ 'a.ts': lines({ 3: 'template' }), 'b.ts': lines({ 3: 'template' }) }, '2')

  test('has both sides in the file and in the index, and names them', async () => {
    const project = gitProject(before)
    project.commit({ 'a.ts': lines({ 3: 'mine', 9: 'mine, too' }) })
    expect(await project.merge(before, after)).toEqual(['a.ts: conflict', 'b.ts: updated'])
    const conflict = '<<<<<<< yours\nmine\n=======\ntemplate\n>>>>>>> template 2'
    expect(project.read('a.ts')).toBe(lines({ 3: conflict, 9: 'mine, too' }))
    expect(project.status()).toEqual(['M  .start-convex-auth.json', 'UU a.ts', 'M  b.ts'])
    expect(project.git('show', ':1:a.ts')).toBe(lines())
    expect(project.git('show', ':2:a.ts')).toBe(lines({ 3: 'mine', 9: 'mine, too' }))
    expect(project.git('show', ':3:a.ts')).toBe(lines({ 3: 'template' }))
    project.git('checkout', '--theirs', 'a.ts')
    expect(project.read('a.ts')).toBe(lines({ 3: 'template' }))
    project.git('restore', '--source=HEAD', '--staged', '--worktree', '.')
    expect(project.status()).toEqual([])
  })

  test('is refused as long as it is not resolved', async () => {
    const project = gitProject(before)
    project.commit({ 'a.ts': lines({ 3: 'mine' }) })
    await project.merge(before, after)
    await expect(project.merge(before, after)).rejects.toThrow(/conflicts.*not resolved: a\.ts/)
  })

  test('shows the base in the style of the user', async () => {
    const project = gitProject(before)
    project.git('config', 'merge.conflictStyle', 'diff3')
    project.commit({ 'a.ts': lines({ 3: 'mine' }) })
    await project.merge(before, after)
    expect(project.read('a.ts')).toContain('mine\n||||||| before\nline 3\n=======\ntemplate\n')
  })

  test('with a file of the user in the place of a new one keeps both', async () => {
    const project = gitProject(before)
    project.commit({ 'c.ts': 'mine\n' })
    const more = treeOf({ 'a.ts': lines(), 'b.ts': lines(), 'c.ts': 'template\n' }, '2')
    expect(await project.merge(before, more)).toEqual(['c.ts: conflict'])
    expect(project.read('c.ts')).toBe(
      '<<<<<<< yours\nmine\n=======\ntemplate\n>>>>>>> template 2\n',
    )
    expect(project.status()).toContain('AA c.ts')
  })

  test('in a file without text keeps the one of the user', async () => {
    const binary = (last: string) => treeOf({ 'a.bin': `\0\u0001${last}` }, last)
    const project = gitProject(binary('1'))
    project.commit({ 'a.bin': '\0\u0001mine' })
    expect(await project.merge(binary('1'), binary('2'))).toEqual(['a.bin: conflict'])
    expect(project.read('a.bin')).toBe('\0\u0001mine')
    expect(project.git('show', ':3:a.bin')).toBe('\0\u00012')
  })

  test('in a value hides nothing that is said of another one', async () => {
    const json = (values: object) => ({ 'package.json': `${JSON.stringify(values, null, 2)}\n` })
    const base = treeOf(json({ name: 'app', license: 'MIT' }))
    const project = gitProject(base)
    project.commit(json({ name: 'mine', license: 'ISC' }))
    const input = { root: project.root, before: base, after: treeOf(json({ name: 'new' }), '2') }
    const files = await withMerge(
      { ...input, label: 'template 2' },
      async (merge) => merge.outcome.files,
    )
    const note = 'license stays as you have it.'
    expect(files).toEqual([{ path: 'package.json', kind: 'conflict', note }])
  })

  test('in a file that the user moved is there', async () => {
    const project = gitProject(before)
    project.commit({ 'a.ts': undefined, 'lib/mine.ts': lines({ 3: 'mine' }) })
    const outcome = await project.merge(before, after)
    expect(outcome).toEqual(['b.ts: updated', 'a.ts → lib/mine.ts: conflict'])
    expect(project.read('lib/mine.ts')).toContain(
      '<<<<<<< yours:lib/mine.ts\nmine\n=======\ntemplate\n>>>>>>> template 2:a.ts\n',
    )
  })
})

test("a merge driver of the user's is asked", async () => {
  const before = treeOf({ 'a.ts': lines(), '.gitattributes': 'a.ts merge=mine\n' })
  const after = treeOf({ 'a.ts': lines({ 3: 'template' }), '.gitattributes': 'a.ts merge=mine\n' })
  const project = gitProject(before)
  project.git('config', 'merge.mine.driver', 'true')
  project.commit({ 'a.ts': lines({ 3: 'mine' }) })
  await project.merge(before, after)
  expect(project.read('a.ts')).toBe(lines({ 3: 'mine' }))
  expect(project.status()).toEqual([])
})

describe('what a filter of the user changes on its way into git', () => {
  const texts = (line: string) => ({
    'a.ts': lines({ 3: line }),
    'b.ts': lines({ 3: line }),
    '.env.example': `ONE=\n${line.toUpperCase()}=\n`,
    '.gitattributes': '* filter=turn\n.gitattributes !filter\n',
  })
  const [before, after] = [treeOf(texts('line 3')), treeOf(texts('template'), 'after')]

  /** What it does twice is another thing than what it does once. */
  function projectWithFilter() {
    const project = gitProject(treeOf({ '.gitattributes': texts('')['.gitattributes'] }))
    project.git('config', 'filter.turn.clean', 'tr a-z b-za')
    project.git('config', 'filter.turn.smudge', 'tr b-za a-z')
    project.git('config', 'filter.turn.required', 'true')
    project.commit({ ...texts('line 3'), [RECORD_PATH]: 'before\n' })
    expect(project.git('show', 'HEAD:a.ts')).toContain('mjof 1\n')
    return project
  }

  test('is merged as it is in the work tree', async () => {
    const project = projectWithFilter()
    project.commit({
      'a.ts': lines({ 3: 'line 3', 9: 'mine' }),
      '.env.example': 'mine=\nONE=\nLINE 3=\n',
    })
    expect(await project.merge(before, after)).toEqual([
      '.env.example: merged',
      'a.ts: merged',
      'b.ts: updated',
    ])
    expect(project.read('a.ts')).toBe(lines({ 3: 'template', 9: 'mine' }))
    expect(project.read('b.ts')).toBe(lines({ 3: 'template' }))
    expect(project.read('.env.example')).toBe('mine=\nONE=\nTEMPLATE=\n')
    expect(project.read(RECORD_PATH)).toBe('after\n')
    expect(project.git('show', ':a.ts')).toContain('ufnqmbuf\n')
    expect(project.git('diff', '--name-only')).toBe('')
  })

  test('is in conflict as it is in the work tree, and git has it filtered', async () => {
    const project = projectWithFilter()
    project.commit({ 'a.ts': lines({ 3: 'mine' }) })
    expect(await project.merge(before, after)).toContain('a.ts: conflict')
    const conflict = '<<<<<<< yours\nmine\n=======\ntemplate\n>>>>>>> template 2'
    expect(project.read('a.ts')).toBe(lines({ 3: conflict }))
    expect(project.git('show', ':2:a.ts')).toBe(project.git('show', 'HEAD:a.ts'))
    expect(project.git('show', ':3:a.ts')).toContain('ufnqmbuf\n')
    project.git('checkout', '--theirs', 'a.ts')
    expect(project.read('a.ts')).toBe(lines({ 3: 'template' }))
  })
})

test('bytes that are no text stay what they are', async () => {
  const project = gitProject(treeOf({ '.gitignore': 'dist\n', 'package.json': '{}\n' }))
  const [list, json] = [join(project.root, '.gitignore'), join(project.root, 'package.json')]
  writeFileSync(list, Buffer.from('dist\n\xff\xfe\n', 'latin1'))
  writeFileSync(json, Buffer.from('{\n  "author": "\xe9"\n}\n', 'latin1'))
  project.commit()
  const before = treeOf({ '.gitignore': 'dist\n', 'package.json': '{}\n' })
  const after = treeOf({ '.gitignore': '.new\ndist\n', 'package.json': '{ "a": 1 }\n' }, 'after')
  await project.merge(before, after)
  expect(readFileSync(list, 'latin1')).toContain('\xff\xfe\n')
  expect(readFileSync(json, 'latin1')).toContain('"author": "\xe9"')
})

test('what the template gave another name is moved, with the edits of the user', async () => {
  const before = treeOf({ 'a.ts': lines(), 'b.ts': 'other\n' })
  const after = treeOf({ 'new.ts': lines({ 3: 'template' }), 'b.ts': 'other\n' }, '2')
  const project = gitProject(before)
  project.commit({ 'a.ts': lines({ 9: 'mine' }) })
  const outcome = await project.merge(before, after, { renames: new Map([['a.ts', 'new.ts']]) })
  expect(outcome).toEqual(['a.ts → new.ts: merged'])
  expect(project.read('a.ts')).toBeUndefined()
  expect(project.read('new.ts')).toBe(lines({ 3: 'template', 9: 'mine' }))
})

test('what the template gave a name that the user has given is two files', async () => {
  const before = treeOf({ 'a.ts': lines(), 'b.ts': lines() })
  const after = treeOf({ 'new.ts': lines({ 3: 'template' }), 'other.ts': lines() }, '2')
  const project = gitProject(before)
  project.commit({ 'new.ts': 'mine\n', 'b.ts': lines({ 9: 'mine' }), 'other.ts': 'mine\n' })
  const renames = new Map([
    ['a.ts', 'new.ts'],
    ['b.ts', 'other.ts'],
  ])
  expect(await project.merge(before, after, { renames })).toEqual([
    'a.ts: deleted',
    'b.ts: kept',
    'new.ts: conflict',
    'other.ts: conflict',
  ])
  expect(project.read('new.ts')).toMatch(/^<<<<<<< yours\nmine\n=======\n/)
})

test('modes follow', async () => {
  const file = (mode: number, content = 'run\n') => new Map([['run', { content, mode }]])
  const project = gitProject(new Map([...treeOf({}), ...file(0o644)]))
  const outcome = await project.merge(
    new Map([...treeOf({}), ...file(0o644)]),
    new Map([...treeOf({}), ...file(0o755)]),
  )
  expect(outcome).toEqual(['run: updated'])
  expect(statSync(join(project.root, 'run')).mode & 0o111).toBe(0o111)
})

describe('what is not committed', () => {
  const before = treeOf({ 'a.ts': lines(), 'b.ts': lines() })
  const after = treeOf({ 'a.ts': lines({ 3: 'template' }), 'b.ts': lines(), 'n.ts': 'new\n' }, '2')

  test('is refused, with the way on', async () => {
    const project = gitProject(before)
    project.edit({ 'b.ts': 'mine\n' })
    await expect(project.merge(before, after)).rejects.toMatchObject({
      message: 'There are changes that are not committed: b.ts.',
      fix: expect.stringContaining('--allow-dirty') as string,
    })
    expect(project.status()).toEqual([' M b.ts'])
  })

  test('stays as it is with allowDirty', async () => {
    const project = gitProject(before)
    project.edit({ 'b.ts': 'mine\n', 'own.ts': 'mine\n' })
    const outcome = await project.merge(before, after, { allowDirty: true })
    expect(outcome).toEqual(['a.ts: updated', 'n.ts: added'])
    expect(project.status()).toEqual([
      'M  .start-convex-auth.json',
      'M  a.ts',
      ' M b.ts',
      'A  n.ts',
      '?? own.ts',
    ])
    expect(project.read('b.ts')).toBe('mine\n')
  })

  test.each<[string, Texts, RegExp]>([
    ['an edited file', { 'a.ts': 'mine\n' }, /not committed: a\.ts/],
    ['a deleted file', { 'a.ts': undefined }, /not committed: a\.ts/],
    ['a file in the place of a new one', { 'n.ts': 'mine\n' }, /git doesn't have: n\.ts/],
  ])('is never overwritten: %s', async (_, edits, message) => {
    const project = gitProject(before)
    project.edit(edits)
    const status = project.status()
    await expect(project.merge(before, after, { allowDirty: true })).rejects.toThrow(message)
    expect(project.status()).toEqual(status)
    for (const [path, text] of Object.entries(edits)) expect(project.read(path)).toBe(text)
  })

  test('is never overwritten where git was told not to look', async () => {
    const project = gitProject(before)
    project.git('update-index', '--skip-worktree', 'a.ts')
    project.edit({ 'a.ts': 'mine\n' })
    await expect(project.merge(before, after)).rejects.toThrow(/not committed: a\.ts/)
    expect(project.read('a.ts')).toBe('mine\n')
  })

  test.each(['a.ts', 'b.ts'])(
    'is no less so where git is to assume otherwise: %s',
    async (path) => {
      const project = gitProject(before, 'apps/a b')
      project.git('update-index', '--assume-unchanged', 'a.ts', 'b.ts')
      project.edit({ [path]: 'mine\n' })
      const cwd = join(project.root, 'lib')
      const fix = expect.stringContaining(
        `\ngit update-index --no-assume-unchanged ../${path}\n`,
      ) as string
      const refused = project.merge(before, after, { cwd })
      await expect(refused).rejects.toMatchObject({
        message: `There are changes that are not committed, and git was told to overlook them: ${path}.`,
        fix,
      })
      project.edit({ [path]: lines() })
      expect(await project.merge(before, after)).toEqual(['a.ts: updated', 'n.ts: added'])
    },
  )

  test('is a submodule at another commit where that is staged', async () => {
    const project = gitProject(before)
    const theirs = gitProject(before)
    const add = ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add']
    project.git(...add, theirs.root, 'sub')
    project.commit()
    project.git('-C', 'sub', 'commit', '--quiet', '--allow-empty', '-m', 'Next')
    project.git('add', 'sub')
    await expect(project.merge(before, after)).rejects.toThrow(/not committed: sub\./)
    // There the way back doesn't reach.
    project.git('reset', '--quiet')
    expect(await project.merge(before, after)).toContain('a.ts: updated')
  })

  test('is never overwritten where a .gitignore names it', async () => {
    const project = gitProject(before)
    project.commit({ '.gitignore': 'n.ts\n' })
    project.edit({ 'n.ts': 'mine\n' })
    await expect(project.merge(before, after)).rejects.toThrow(/git doesn't have: n\.ts/)
    expect(project.read('n.ts')).toBe('mine\n')
  })

  test('is never overwritten where only the index has it', async () => {
    const project = gitProject(before)
    project.edit({ 'a.ts': 'mine\n' })
    project.git('add', 'a.ts')
    project.edit({ 'a.ts': lines() })
    await expect(project.merge(before, after, { allowDirty: true })).rejects.toThrow(/a\.ts/)
    expect(project.git('show', ':a.ts')).toBe('mine\n')
  })
})

describe('something of the user in the way', () => {
  test.each<[string, Texts, Texts, RegExp]>([
    ['a file where a folder is needed', { new: 'mine\n' }, { 'new/a.ts': 'x\n' }, /goes: new\./],
    ['a folder where a file goes', { 'new/a.ts': 'mine\n' }, { new: 'x\n' }, /goes: new\./],
    ['a name in other case', { 'New.ts': 'mine\n' }, { 'new.ts': 'x\n' }, /goes: New\.ts\./],
  ])('%s', async (_, mine, added, message) => {
    const before = treeOf({})
    const project = gitProject(before)
    project.commit(mine)
    await expect(project.merge(before, treeOf(added, '2'))).rejects.toThrow(message)
    expect(project.status()).toEqual([])
  })

  test('a link in the place of a folder, which leads elsewhere', async () => {
    const before = treeOf({})
    const project = gitProject(before)
    project.commit({ '.gitignore': 'lib\n' })
    mkdirSync(join(project.root, '.git/elsewhere'))
    symlinkSync(join(project.root, '.git/elsewhere'), join(project.root, 'lib'))
    const after = treeOf({ 'lib/a.ts': 'x\n' }, '2')
    await expect(project.merge(before, after)).rejects.toThrow(/git doesn't have: lib\./)
  })

  test('a link in the place of a file stays one', async () => {
    const before = treeOf({ 'a.ts': lines(), 'b.ts': 'other\n' })
    const project = gitProject(before)
    project.edit({ 'a.ts': undefined })
    symlinkSync('b.ts', join(project.root, 'a.ts'))
    project.commit()
    const after = treeOf({ 'a.ts': lines({ 3: 'template' }), 'b.ts': 'other\n' }, '2')
    expect(await project.merge(before, after)).toEqual(['a.ts: kept'])
    expect(project.read('a.ts')).toBe('other\n')
  })
})

test('a dry run writes nothing, into the folder of git neither', async () => {
  const before = treeOf({ 'a.ts': lines() })
  const project = gitProject(before)
  project.commit({ 'a.ts': lines({ 9: 'mine' }) })
  const objects = project.git('count-objects')
  const after = treeOf({ 'a.ts': lines({ 3: 'template' }), 'n.ts': 'new\n' }, '2')
  const input = { root: project.root, before, after, label: 'template 2', dryRun: true }
  const [files, diff] = await withMerge(input, async ({ outcome, diff }) => {
    const { args, cwd, env } = await diff()
    const options = { cwd, env: { ...process.env, ...env }, encoding: 'utf8' as const }
    return [outcome.files.length, execFileSync('git', args, options)]
  })
  expect(files).toBe(2)
  expect(diff).toContain('-line 3\n+template\n')
  expect(diff).toContain('+++ b/n.ts')
  expect(project.status()).toEqual([])
  expect(project.git('count-objects')).toBe(objects)
})

describe('what fails while it is written', () => {
  const before = treeOf({ 'a.ts': lines(), 'lib/b.ts': lines(), 'old/c.ts': lines() })
  const after = treeOf({ 'a.ts': 'x\n', 'lib/b.ts': 'x\n', 'new/n.ts': 'x\n' }, '2')

  /** A filter of the user's that writes no file of this name, as long as a merge is written. */
  function projectThatFailsAt(name: string) {
    const project = gitProject(before)
    project.git('config', 'filter.broken.clean', 'cat')
    project.git('config', 'filter.broken.smudge', 'test ! -e .git/start-convex-auth-paths && cat')
    project.git('config', 'filter.broken.required', 'true')
    mkdirSync(join(project.root, '.git/info'), { recursive: true })
    writeFileSync(join(project.root, '.git/info/attributes'), `${name} filter=broken\n`)
    return project
  }

  test('is taken back', async () => {
    const project = projectThatFailsAt('n.ts')
    await expect(project.merge(before, after)).rejects.toThrow(/broken.*as they were/s)
    expect(project.status()).toEqual([])
    expect(readdirSync(project.root)).toEqual(
      expect.not.arrayContaining(['new', 'start-convex-auth-paths']),
    )
    expect(readdirSync(join(project.root, '.git'))).not.toContain('start-convex-auth-paths')
  })

  test('and fails again when it is taken back, too, leaves the command that does it', async () => {
    const project = projectThatFailsAt('b.ts')
    const error = await project.merge(before, after).catch((thrown: unknown) => thrown)
    const { fix = '' } = error as { fix?: string }
    const [command = ''] = /git restore .*/.exec(fix) ?? []
    expect(command).toContain('--pathspec-from-file=.git/start-convex-auth-paths')
    await expect(project.merge(before, after)).rejects.toMatchObject({ fix })
    // The user has mended what was wrong.
    project.git('config', 'filter.broken.smudge', 'cat')
    execFileSync(command, { cwd: project.root, shell: true })
    expect(project.status()).toEqual([])
    expect(await project.merge(before, after)).toContain('lib/b.ts: updated')
  })

  test('is no matter where all but the trace of it was done', async () => {
    const project = gitProject(before)
    await project.merge(before, after)
    const journal = join(project.root, '.git/start-convex-auth-paths')
    writeFileSync(journal, `:(top,literal)a.ts\n:(top,literal)${RECORD_PATH}\n`)
    await expect(project.merge(before, after)).rejects.toThrow(/not committed/)
    expect(existsSync(journal)).toBe(false)
    // And half of it is none.
    writeFileSync(journal, `:(top,literal)a.ts\n:(top,literal)${RECORD_PATH}\n`)
    project.edit({ [RECORD_PATH]: 'before\n' })
    await expect(project.merge(before, after)).rejects.toThrow(/half done/)
  })

  test('by two runs at once is written by one of them', async () => {
    const project = gitProject(before)
    const first = { root: project.root, before, after, label: 'template 2' }
    const rest = { 'lib/b.ts': lines(), 'old/c.ts': lines() }
    const other = { ...first, after: treeOf({ 'a.ts': 'y\n', ...rest }, 'other') }
    const run = withMerge(first, async ({ apply }) => {
      await withMerge(other, async (merge) => merge.apply())
      await apply()
    })
    await expect(run).rejects.toThrow(/not committed: \.start-convex-auth\.json, a\.ts/)
    expect(project.status()).toEqual(['M  .start-convex-auth.json', 'M  a.ts'])
    expect(project.read('a.ts')).toBe('y\n')
    // And as long as one writes, the other doesn't begin.
    project.git('reset', '--quiet', '--hard')
    const second = withMerge(first, async ({ apply }) => {
      writeFileSync(join(project.root, '.git/start-convex-auth-paths'), '')
      await apply()
    })
    await expect(second).rejects.toThrow('Another run is changing files here.')
    expect(project.status()).toEqual([])
  })

  test('is taken back where somebody cancels', async () => {
    const project = gitProject(before)
    let checks = 0
    const cancelled = new CliError('Cancelled.', { exitCode: 130 })
    const input = { root: project.root, before, after, label: 'template 2' }
    const run = withMerge(input, ({ apply }) =>
      apply(async () => {
        // Before it is written, and when it is.
        if (++checks === 2) throw cancelled
      }),
    )
    await expect(run).rejects.toMatchObject({
      message: 'Cancelled.\nYour files are as they were.',
      exitCode: 130,
    })
    expect(project.status()).toEqual([])
  })

  test('is nothing where the index could not be written', async () => {
    const project = gitProject(before)
    const lock = join(project.root, '.git/index.lock')
    const run = withMerge(
      { root: project.root, before, after, label: 'template 2' },
      async ({ apply }) => {
        writeFileSync(lock, '')
        await apply()
      },
    )
    await expect(run).rejects.toThrow(/index\.lock[^]*Your files are as they were\.$/)
    rmSync(lock)
    expect(project.status()).toEqual([])
    expect(await project.merge(before, after)).toContain('lib/b.ts: updated')
  })

  test('is said before anything is written, where another git holds the index', async () => {
    const project = gitProject(before)
    writeFileSync(join(project.root, '.git/index.lock'), '')
    await expect(project.merge(before, after)).rejects.toMatchObject({
      fix: 'If none is running: rm .git/index.lock',
    })
    expect(project.read('a.ts')).toBe(lines())
  })
})
