import { describe, expect, test } from 'vitest'
import { makePlan } from '../../../src/plan/plan.ts'
import { input, planOf, select, textOf } from './support.ts'

test('lays files over each other, sorted, with owners and modes', async () => {
  const bytes = new Uint8Array([0, 1])
  const plan = await planOf(
    { 'src/b.ts': 'b', 'a.png': bytes, '.env.convex.hbs': 'S={{secret}}' },
    { 'src/a.ts': 'a' },
  )
  expect([...plan]).toEqual([
    [
      '.env.convex',
      {
        content: `S=${input.secret}`,
        mode: 0o600,
        from: ['one'],
        local: true,
      },
    ],
    ['a.png', { content: bytes, mode: 0o644, from: ['one'] }],
    ['src/a.ts', { content: 'a', mode: 0o644, from: ['two'] }],
    ['src/b.ts', { content: 'b', mode: 0o644, from: ['one'] }],
  ])
})

test('an executable stays one', async () => {
  const { layer, choices } = await select('one', {})
  const files = new Map([['run.sh', { content: '', executable: true }]])
  const plan = makePlan([{ layer: { ...layer, files }, choices }], input)
  expect(plan.get('run.sh')?.mode).toBe(0o755)
})

describe('choices', () => {
  const files = {
    'layer.json': {
      slots: { 'a.ts': { x: 'own' } },
      choices: {
        github: {
          title: 'GitHub',
          files: ['github.md.hbs'],
          slots: { 'a.ts': { x: 'github' } },
          env: [{ name: 'ID', description: 'An ID' }],
        },
        google: {
          title: 'Google',
          slots: { 'a.ts': { x: ['google', 'more'] } },
        },
      },
    },
    'a.ts': '// @slot x\n',
    'github.md.hbs': '{{#each env}}{{name}}{{/each}}',
  }

  test('bring files, slots and variables only when taken, in the order of the manifest', async () => {
    const none = makePlan([await select('one', files)], input)
    expect(none.has('github.md')).toBe(false)
    expect(textOf(none, 'a.ts')).toBe('own\n')

    const taken = await select('one', files, ['google', 'github'])
    const both = makePlan([taken], input)
    expect(textOf(both, 'github.md')).toBe('ID')
    expect(textOf(both, 'a.ts')).toBe('own\ngithub\ngoogle\nmore\n')
  })

  test('an unknown one is an error with the known, nearest first', async () => {
    const taken = await select('one', files, ['goggle'])
    expect(() => makePlan([taken], input)).toThrow(
      expect.objectContaining({
        message: 'Layer "one" has no choice "goggle".',
        fix: 'Its choices are: google, github.',
      }),
    )
  })
})

describe('two layers and one path', () => {
  test('are an error that names both', async () => {
    await expect(planOf({ 'a.ts': '' }, { 'a.ts': '' })).rejects.toThrow(
      'Layers "one" and "two" both have a.ts.',
    )
    await expect(planOf({ 'a.ts': '', 'a.ts.hbs': '' })).rejects.toThrow('a.ts')
  })

  test('the later replaces what it says it replaces', async () => {
    const plan = await planOf(
      { 'a.ts': '// @slot x\n', 'README.md': '# a' },
      {
        'layer.json': { replaces: ['a.ts', 'README.md'] },
        'a.ts': 'new\n',
        'README.md.hbs': '# {{name}}\n',
      },
    )
    expect(plan.get('a.ts')).toMatchObject({ content: 'new\n', from: ['two'] })
    expect(textOf(plan, 'README.md')).toBe('# my-app\n')
  })

  test('a replacement of nothing earlier is an error with its line', async () => {
    const manifest = { replaces: ['a.ts'] }
    const message =
      /^Layer "(one|two)" \(layer\.json, line \d+\) replaces a\.ts, which no earlier layer has\.$/
    const files = { 'layer.json': manifest, 'a.ts': '' }
    await expect(planOf(files)).rejects.toThrow(message)
    await expect(planOf({}, files)).rejects.toThrow(message)
  })

  test('the later removes what it says it removes, and a third may bring it again', async () => {
    const removing = { 'layer.json': { removes: ['a.ts', 'b.ts'] } }
    const files = { 'a.ts': 'old', 'b.ts': '', 'c.ts': '' }
    expect([...(await planOf(files, removing)).keys()]).toEqual(['c.ts'])
    const plan = await planOf(files, removing, { 'a.ts': 'new' })
    expect([...plan.keys()]).toEqual(['a.ts', 'c.ts'])
    expect(plan.get('a.ts')).toMatchObject({ content: 'new', from: ['three'] })
  })

  test('a removal of nothing earlier is an error with its line', async () => {
    const removing = { 'layer.json': { removes: ['b.ts', 'a.ts'] } }
    await expect(planOf({ 'b.ts': '' }, removing, { 'a.ts': '' })).rejects.toThrow(
      expect.objectContaining({
        message: 'Layer "two" (layer.json, line 7) removes a.ts, which no earlier layer has.',
        fix: 'Correct the path, or take it out of "removes".',
      }),
    )
  })

  test.each([
    ['replaces', { 'layer.json': { replaces: ['a.ts'] }, 'a.ts': '' }],
    ['removes', { 'layer.json': { removes: ['a.ts'] } }],
    ['fills a slot of', { 'layer.json': { slots: { 'a.ts': { x: 'y' } } } }],
    ['merges into', { 'layer.json': { merge: { 'a.ts': {} } } }],
  ])('who removed the file is said of a later layer that %s it', async (verb, later) => {
    const removing = { 'layer.json': { removes: ['a.ts'] } }
    await expect(planOf({ 'a.ts': '// @slot x\n' }, removing, later)).rejects.toThrow(
      new RegExp(
        `^Layer "three" \\(layer\\.json, line \\d+\\) ${verb} a\\.ts, which layer "two" removes\\.$`,
      ),
    )
  })

  test('nor may two layers have one name or declare one variable', async () => {
    const one = await select('one', {})
    expect(() => makePlan([one, one], input)).toThrow('Two layers are named "one"')
    const env = [{ name: 'SITE_URL', description: '' }]
    const files = { 'layer.json': { env } }
    await expect(planOf(files, files)).rejects.toThrow(
      'Layers "one" and "two" both declare the variable SITE_URL.',
    )
  })
})

describe('paths', () => {
  test('that differ only in case, or need a file to be a folder, are an error', async () => {
    await expect(planOf({ 'a/B.ts': '' }, { 'a/b.ts': '' })).rejects.toThrow('differ only in case')
    await expect(planOf({ src: '' }, { 'src/a.ts': '' })).rejects.toThrow(
      'src is a file, and src/a.ts needs it as a folder.',
    )
  })

  test('.gitignore, .github and names with dots are none of these', async () => {
    const paths = ['.github/a.yml', '.gitignore', 'a..b/$.ts', 'console.ts']
    const files = Object.fromEntries(paths.map((path) => [path, '']))
    expect([...(await planOf(files)).keys()]).toEqual(paths)
  })
})

describe('package.json', () => {
  const base = {
    name: 'template',
    version: '0.0.0',
    private: true,
    dependencies: { react: '1', zod: '1' },
    scripts: { dev: 'vite', build: 'vite build' },
  }

  test('takes the name of the app, and sorts what later layers add', async () => {
    const plan = await planOf(
      { 'package.json': base },
      {
        'package.json': {
          name: 'other',
          version: '9.9.9',
          private: false,
          type: 'commonjs',
          dependencies: { clsx: '2', react: '1' },
          devDependencies: { b: '1', a: '1' },
        },
      },
    )
    expect(textOf(plan, 'package.json')).toBe(`{
  "name": "my-app",
  "version": "0.0.0",
  "private": true,
  "dependencies": {
    "clsx": "2",
    "react": "1",
    "zod": "1"
  },
  "scripts": {
    "dev": "vite",
    "build": "vite build"
  },
  "devDependencies": {
    "a": "1",
    "b": "1"
  }
}
`)
    expect(plan.get('package.json')?.from).toEqual(['one', 'two'])
  })

  test('a disagreement names both layers, the path and both values', async () => {
    await expect(
      planOf({ 'package.json': base }, { 'package.json': { dependencies: { react: '2' } } }),
    ).rejects.toThrow(
      'Two layers disagree on dependencies.react of package.json: "one" says "1", "two" says "2".',
    )
  })

  test('what is no JSON object is an error', async () => {
    await expect(planOf({ 'package.json': '{"a":}' })).rejects.toThrow(
      'package.json of layer "one" is not JSON',
    )
    await expect(planOf({ 'package.json': '[]' })).rejects.toThrow(
      'package.json of layer "one" is not a JSON object.',
    )
  })
})

describe('merge', () => {
  test('merges into a JSON file, printed as prettier does', async () => {
    const plan = await planOf(
      { 'a.json': '{"x": {"y": ["a", "b"]}}' },
      { 'layer.json': { merge: { 'a.json': { x: { z: true } } } } },
    )
    expect(textOf(plan, 'a.json')).toBe(`{
  "x": {
    "y": ["a", "b"],
    "z": true
  }
}
`)
    expect(plan.get('a.json')?.from).toEqual(['one', 'two'])
  })

  test('needs a file that is there, and agreement', async () => {
    const merging = { 'layer.json': { merge: { 'a.json': { x: 1 } } } }
    await expect(planOf(merging)).rejects.toThrow(
      /^Layer "one" \(layer\.json, line \d+\) merges into a\.json, and no layer has that file\.$/,
    )
    await expect(planOf({ 'a.json': '{"x": {}}' }, merging)).rejects.toThrow(
      'Two layers disagree on x of a.json: "one" says {}, "two" says 1.',
    )
  })
})

describe('slots', () => {
  test('are filled in the order of the layers, and name their owners', async () => {
    const fill = (line: string) => ({
      'layer.json': { slots: { 'a.ts': { x: line } } },
    })
    const plan = await planOf(
      { ...fill('one()'), 'a.ts': '  // @slot x\n' },
      fill('two()'),
      fill('three()'),
    )
    expect(plan.get('a.ts')).toMatchObject({
      content: '  one()\n  two()\n  three()\n',
      from: ['one', 'two', 'three'],
    })
  })

  test('a fill without file or slot names the line of its layer.json', async () => {
    const fill = (file: string) => ({
      'layer.json': `{
  "name": "two", "title": "", "description": "",
  "slots": {
    "${file}": {
      "plugin": "x"
    }
  }
}`,
    })
    const base = {
      'a.ts': '// @slot imports\n// @slot plugins\n',
      'package.json': '{}',
    }
    await expect(planOf(base, fill('b.ts'))).rejects.toThrow(
      'Layer "two" (layer.json, line 5) fills a slot of b.ts, and no layer has that file.',
    )
    await expect(planOf(base, fill('a.ts'))).rejects.toThrow(
      expect.objectContaining({
        message:
          'Layer "two" (layer.json, line 5) fills slot "plugin" of a.ts, which has no such slot.',
        fix: 'The slots of a.ts are: plugins, imports.',
      }),
    )
    await expect(planOf(base, fill('package.json'))).rejects.toThrow(
      'Layer "two" (layer.json, line 5) fills a slot of package.json, which can have none.',
    )
  })
})

test('a name that a template asks for in vain is an error', async () => {
  await expect(planOf({ 'a.md.hbs': 'a\n{{nmae}}' })).rejects.toThrow(
    'a.md.hbs of layer "one", line 2: there is no "nmae".',
  )
})

test("Convex's generated files follow the modules and variables of all layers", async () => {
  const plan = await planOf(
    {
      'layer.json': { env: [{ name: 'A', description: '' }] },
      'convex/a.ts': 'export {}',
      'convex/_generated/api.d.ts':
        'import type * as a from "../a.js";\n\nx<{\n  a: typeof a;\n}>\n',
      'convex/_generated/server.d.ts': 'type Env = {\n  readonly CONVEX_CLOUD_URL: string;\n};\n',
    },
    {
      'layer.json': { env: [{ name: 'B', description: '', optional: true }] },
      'convex/b.ts': 'export {}',
    },
  )
  expect(textOf(plan, 'convex/_generated/api.d.ts')).toContain('import type * as b from "../b.js";')
  expect(textOf(plan, 'convex/_generated/server.d.ts')).toContain(
    '  readonly B: string | undefined;',
  )
  for (const name of ['api', 'server']) {
    expect(plan.get(`convex/_generated/${name}.d.ts`)?.from).toEqual(['one', 'two'])
  }
})
