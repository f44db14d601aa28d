import { format } from 'prettier'
import { expect, test } from 'vitest'
import { makePlan } from '../../../src/plan/plan.ts'
import { addRecord, parseRecord, RECORD_PATH } from '../../../src/repo/record.ts'
import { input, select, textOf } from '../plan/support.ts'

async function recorded(pin?: string) {
  const base = await select('base', { 'a.ts': 'a', '.env.convex.hbs': '{{secret}}' })
  const choices = { one: { title: '' }, two: { title: '' } }
  const social = await select('social', { 'layer.json': { choices }, 'b.ts': '' }, ['one', 'two'])
  const folder = await select('folder', { 'c.ts': '' })
  const repository = await select('repository', { 'd.ts': '' })
  const commit = '0123456789abcdef0123456789abcdef01234567'
  const builtin = [base, social].map(({ layer, choices: taken }) => ({
    layer: { ...layer, source: 'builtin' },
    choices: taken,
  }))
  const layers = [
    ...builtin,
    { ...folder, layer: { ...folder.layer, source: './folder' } },
    { ...repository, layer: { ...repository.layer, source: 'gh:owner/repository#main', commit } },
  ]
  const made = { ...input, ...(pin !== undefined && { pinnedPackageManager: pin }) }
  const plan = makePlan(layers, made)
  const place = { root: '/home/ada/apps/my-app', cwd: '/home/ada/layers' }
  return { layers, plan, commit, full: addRecord(plan, layers, made, place) }
}

test('records what the plan was made from, and reads it again', async () => {
  const { layers, commit, full } = await recorded()
  const [, , folder, repository] = layers.map(({ layer }) => layer)
  expect(parseRecord(textOf(full, RECORD_PATH))).toEqual({
    generator: { name: 'create-start-convex-auth', version: '1.2.3' },
    options: { name: 'my-app', packageManager: 'npm', port: 4000 },
    layers: [
      { name: 'base', choices: ['npm'] },
      { name: 'social', choices: ['one', 'two'] },
      {
        name: 'folder',
        choices: [],
        origin: { source: '../../layers/folder', digest: folder?.digest },
      },
      {
        name: 'repository',
        choices: [],
        origin: { source: 'gh:owner/repository#main', commit, digest: repository?.digest },
      },
    ],
  })
})

test('is a few lines, of which each layer of ours has one', async () => {
  const { full } = await recorded()
  const lines = textOf(full, RECORD_PATH).split('\n')
  expect(lines.slice(0, 6)).toEqual([
    '{',
    '  "schemaVersion": 2,',
    '  "generator": "create-start-convex-auth@1.2.3",',
    '  "options": { "name": "my-app", "packageManager": "npm", "port": 4000 },',
    '  "layers": {',
    '    "social": { "choices": ["one", "two"] },',
  ])
})

test.each([undefined, 'npm@12.0.0-a.very.long.prerelease'])(
  'is one more file of the plan, in its place, formatted, and holds no secret: %s',
  async (pin) => {
    const { plan, full } = await recorded(pin)
    expect([...full.keys()]).toEqual([...plan.keys(), RECORD_PATH].sort())
    expect(plan.has(RECORD_PATH)).toBe(false)
    const text = textOf(full, RECORD_PATH)
    expect(text).not.toContain(input.secret)
    expect(text).toBe(await format(text, { filepath: RECORD_PATH }))
    expect(parseRecord(text).options.pinnedPackageManager).toBe(pin)
  },
)

const DIGEST = `sha256-${'0'.repeat(64)}`

test('the form with a hash of every file is read, too', () => {
  const digest = DIGEST
  const text = JSON.stringify({
    schemaVersion: 1,
    generator: { name: 'create-start-convex-auth', version: '0.1.0' },
    options: { name: 'app', packageManager: 'pnpm', port: 3000 },
    layers: [
      { name: 'base', source: 'builtin', digest, choices: ['pnpm'] },
      { name: 'mine', source: './mine', digest, choices: ['one'] },
    ],
    files: { 'package.json': digest },
  })
  expect(parseRecord(text)).toEqual({
    generator: { name: 'create-start-convex-auth', version: '0.1.0' },
    options: { name: 'app', packageManager: 'pnpm', port: 3000 },
    layers: [
      { name: 'base', choices: ['pnpm'] },
      { name: 'mine', choices: ['one'], origin: { source: './mine', digest } },
    ],
  })
})

const sound = {
  schemaVersion: 2,
  generator: 'create-start-convex-auth@1.2.3',
  options: { name: 'app', packageManager: 'npm', port: 3000 },
  layers: {},
}

test.each<readonly [value: unknown, why: RegExp]>([
  ['', /is damaged: it is no JSON/],
  ['null', /is damaged: it is no object/],
  ['[]', /is damaged: it is no object/],
  ['{}', /"schemaVersion" is neither/],
  [{ ...sound, schemaVersion: '2' }, /"schemaVersion" is neither/],
  [{ ...sound, generator: 'create-t3-app@7.0.0' }, /"generator" is no version/],
  [{ ...sound, generator: 'create-start-convex-auth@latest' }, /"generator" is no version/],
  ...['0.0.1 foo', '0.0.1;foo', '1.2', 'v1.2.3', ' 1.2.3', '1.2.3\n'].map(
    (version) =>
      [
        { ...sound, generator: `create-start-convex-auth@${version}` },
        /"generator" is no version/,
      ] as const,
  ),
  [{ ...sound, options: undefined }, /"options" is no object/],
  [{ ...sound, options: { ...sound.options, port: '3000' } }, /"options.port" is no port/],
  [{ ...sound, options: { ...sound.options, packageManager: 'deno' } }, /none of npm, pnpm/],
  [{ ...sound, options: { ...sound.options, name: '{{x}}' } }, /"options.name": "{{x}}" can't be/],
  ...['pnpm@1.0.0', 'npm@1.0.0 x', 'npm@latest', 1].map(
    (pinnedPackageManager) =>
      [
        { ...sound, options: { ...sound.options, pinnedPackageManager } },
        /"options.pinnedPackageManager" is no version of npm/,
      ] as const,
  ),
  [{ ...sound, layers: { 'a b': {} } }, /"layers.a b" has no name of a layer/],
  [
    { ...sound, layers: { mine: { source: 'gh:a/b', commit: '--x', digest: DIGEST } } },
    /"layers.mine" doesn't say where/,
  ],
  [{ ...sound, layers: { mine: { source: 'gh:a/b', digest: 'x' } } }, /doesn't say where/],
  [{ ...sound, layers: ['tailwind'] }, /"layers" is no object/],
  [{ ...sound, layers: { tailwind: true } }, /"layers.tailwind" is no object/],
  [{ ...sound, layers: { social: { choices: 'github' } } }, /"layers.social" has no list/],
  [{ ...sound, layers: { mine: { source: './mine' } } }, /"layers.mine" doesn't say where/],
])('a damaged record is an error that says where, with the way back: %j', (value, why) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  expect(() => parseRecord(text)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(why),
      fix: expect.stringContaining(`git checkout -- ${RECORD_PATH}`),
    }),
  )
})

test('a conflict in it is said as one, and not taken from git', () => {
  const text = '{\n<<<<<<< HEAD\n=======\n>>>>>>> theirs\n}'
  expect(() => parseRecord(text, '../record.json')).toThrow(
    expect.objectContaining({
      message: '../record.json has a conflict in it, of a merge that is under way.',
      fix: expect.stringMatching(
        /^Resolve it there, then: git add \.\.\/record\.json\n.*git status$/,
      ),
    }),
  )
})

test('a byte order mark is no damage', () => {
  expect(parseRecord(`\uFEFF${JSON.stringify(sound)}`).options.name).toBe('app')
})

test('a record from a newer generator names its version', () => {
  const text = JSON.stringify({ schemaVersion: 3, generator: 'create-start-convex-auth@9.0.0' })
  expect(() => parseRecord(text)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('newer create-start-convex-auth (9.0.0)'),
      fix: 'npx create-start-convex-auth@latest',
    }),
  )
})
