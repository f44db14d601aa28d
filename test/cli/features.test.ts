import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { readLayer } from '../../src/layers/read.ts'
import { cli, emptyFolder } from '../helpers/cli.ts'
import { cleanEnv } from '../helpers/env.ts'
import { gitRepository } from '../helpers/git.ts'
import { treeOf } from '../matrix/commands/generated.ts'

const fixed = ['--yes', '--pm', 'npm', '--no-install', '--no-git']
const version = (
  JSON.parse(
    readFileSync(
      join(inject('installed').folder, 'node_modules/create-start-convex-auth/package.json'),
      'utf8',
    ),
  ) as { version: string }
).version

/** A generated app with one commit. */
async function app(...flags: readonly string[]) {
  const parent = emptyFolder()
  const run = await cli(['app', ...flags, ...fixed], { cwd: parent })
  if (run.exitCode !== 0) throw new Error(run.stderr)
  return gitRepository(join(parent, 'app'))
}

const plain = ['--no-tailwind', '--no-social']

/** Everything but git's own and what is made for one machine. */
const filesOf = (root: string) =>
  Object.fromEntries(
    Object.entries(treeOf(root)).filter(([path]) => !/^\.git[\\/]|^\.env\.convex$/.test(path)),
  )

describe('add and remove', () => {
  test('make what generating with the features makes, and back', async () => {
    const repository = await app(...plain)
    const { root } = repository
    const before = filesOf(root)
    const secret = readFileSync(join(root, '.env.convex'), 'utf8')
    const added = await cli(['add', 'google', 'tailwind', 'github', '--no-install'], { cwd: root })
    expect(added).toMatchObject({ exitCode: 0, stderr: '' })
    const whole = await app('--tailwind', '--social', 'github,google')
    expect(filesOf(root)).toEqual(filesOf(whole.root))
    expect(readFileSync(join(root, '.env.convex'), 'utf8')).toBe(secret)
    expect(added.stdout).toContain('npx convex env set GITHUB_CLIENT_ID\n')
    expect(added.stdout).toContain('http://localhost:3000/api/auth/callback/google')
    expect(added.stdout).not.toContain('SITE_URL')
    repository.commit('Add')
    const removed = await cli(['remove', 'tailwind,google,github', '--no-install'], { cwd: root })
    expect(removed).toMatchObject({ exitCode: 0, stderr: '' })
    expect(removed.stdout).toContain('npx convex env remove GOOGLE_CLIENT_SECRET\n')
    expect(filesOf(root)).toEqual(before)
  })

  test('say what comes next also where the installation stops: the next run has nothing to say', async () => {
    const { root } = await app(...plain)
    const bin = emptyFolder()
    writeFileSync(join(bin, 'npm'), '#!/bin/sh\n[ "$1" = --version ] && echo 11.0.0\n')
    chmodSync(join(bin, 'npm'), 0o755)
    const PATH = [bin, process.env['PATH']].join(delimiter)
    const run = await cli(['add', 'tailwind', 'github'], { cwd: root, env: { PATH } })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toMatch(
      /files are merged; the installation stopped.*\n.*\n\s+npm install\n/s,
    )
    for (const said of [
      'npx convex env set GITHUB_CLIENT_ID\n',
      'Install the dep',
      'git restore',
    ]) {
      expect(run.stdout).toContain(said)
    }
    const other = await app(...plain)
    const args = ['add', 'tailwind', 'github', '--json']
    const asJson = await cli(args, { cwd: other.root, env: { PATH } })
    const { error } = JSON.parse(asJson.stdout) as { error: Record<string, unknown> }
    expect(error).toMatchObject({
      exitCode: 1,
      merged: { added: ['tailwind', 'github'], installed: false, conflicts: [] },
    })
    expect(JSON.stringify(error['merged'])).toContain('npx convex env set GITHUB_CLIENT_ID')
  })

  test('say which generated file a tool has to write again, where it is not installed', async () => {
    const { root, git, commit } = await app(...plain)
    const tree = join(root, 'src/routeTree.gen.ts')
    writeFileSync(tree, `${readFileSync(tree, 'utf8')}// With a route of mine.\n`)
    commit('Mine')
    const run = await cli(['add', 'email', '--no-install'], { cwd: root })
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toMatch(/Have src\/routeTree\.gen\.ts written again.*\n+ +npm run build\n/)

    git('reset', '--quiet', '--hard')
    writeFileSync(join(root, '.gitignore'), 'convex/_generated/\nsrc/routeTree.gen.ts\n')
    git('rm', '--quiet', '--cached', '-r', 'convex/_generated', 'src/routeTree.gen.ts')
    commit('Generated files are made')
    const outside = await cli(['add', 'email', '--no-install'], { cwd: root })
    expect(outside.stdout).toMatch(
      /Have convex\/_generated\/api\.d\.ts and .* written again.*\n+ +npx convex codegen\n/,
    )
    expect(outside.stdout).toMatch(/Have src\/routeTree\.gen\.ts written again/)
    expect(outside.stdout).not.toMatch(/stays deleted/)
  })

  test('leave what is written at the end of the README in peace', async () => {
    const { root, commit } = await app(...plain)
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    writeFileSync(join(root, 'README.md'), `${readme}\n## Who to ask\n\nAda.\n`)
    commit('Mine')
    const before = filesOf(root)
    const example = join(import.meta.dirname, '../../examples/layer-export')
    const all = ['tailwind', 'email', 'github', 'google']
    const added = await cli(['add', ...all, '--layer', example, '--no-install'], { cwd: root })
    expect(added.exitCode, added.stdout).toBe(0)
    commit('Add')
    const removed = await cli(['remove', ...all, 'export', '--no-install'], { cwd: root })
    expect(removed.exitCode, removed.stdout).toBe(0)
    expect(filesOf(root)).toEqual(before)
  })

  test('the way back that is printed leads back, and leaves what is in a submodule', async () => {
    const { root, git, commit } = await app(...plain)
    const work = join(emptyFolder(), 'work.txt')
    writeFileSync(work, 'theirs')
    const other = gitRepository(dirname(work))
    git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other.root, 'sub')
    commit('Submodule')
    git('config', 'submodule.recurse', 'true')
    writeFileSync(join(root, 'sub/work.txt'), 'mine')
    const before = filesOf(root)
    const { stdout } = await cli(['add', 'tailwind', '--no-install'], { cwd: join(root, 'src') })
    const [command = ''] = /git restore .*/.exec(stdout) ?? []
    execFileSync(command, { cwd: join(root, 'src'), shell: true })
    expect(filesOf(root)).toEqual(before)
    expect(git('status', '--short')).toBe(' m sub\n')
  })

  test('from below the app, which is below another: the way there comes first, and the way back works in both', async () => {
    const { root, git, commit } = await app(...plain)
    const other = await app(...plain)
    const inside = join(root, 'apps/[web] 1')
    cpSync(other.root, inside, { recursive: true, filter: (path) => !path.endsWith('.git') })
    commit('Two')
    writeFileSync(join(root, 'README.md'), 'mine')
    const below = join(inside, 'src')
    const before = filesOf(inside)
    for (const folder of [below, inside]) {
      const { stdout } = await cli(['add', 'github', '--no-install'], { cwd: below })
      expect(stdout).toMatch(/^ +cd \.\.$[^]*npx convex env/m)
      const [command = ''] = /git restore .*/.exec(stdout) ?? []
      execFileSync(command, { cwd: folder, shell: true })
      expect(filesOf(inside)).toEqual(before)
      expect(git('status', '--short')).toBe(' M README.md\n')
    }
  })

  test('in a repository with other work, what is printed to commit takes the app alone', async () => {
    const shop = await app(...plain)
    const { root, git } = gitRepository(emptyFolder())
    git('config', 'user.name', 'Test')
    git('config', 'user.email', 'test@localhost')
    const web = join(root, 'apps/web')
    cpSync(shop.root, web, { recursive: true, filter: (path) => !path.endsWith('.git') })
    mkdirSync(join(root, 'other'))
    for (const name of ['staged.ts', 'new.key']) writeFileSync(join(root, 'other', name), 'mine\n')
    git('add', 'other/staged.ts')
    const below = join(web, 'src')
    const others = ['A  other/staged.ts', '?? other/new.key'].map((line) => `${line}\n`).join('')
    const commitAsPrinted = (text: string) => {
      const commands = text.match(/^ +(?:cd|git (?:add|commit)) .*$/gm) ?? []
      expect(commands.join('\n')).toMatch(/git add[^]*git commit/)
      execFileSync(commands.map((command) => command.trim()).join(' && '), {
        cwd: below,
        shell: true,
      })
      expect(git('status', '--short')).toBe(others)
      expect(git('ls-tree', '--name-only', 'HEAD')).toBe('apps\n')
    }
    git('update-ref', '-d', 'HEAD')
    const add = (...words: string[]) => cli(['add', ...words, '--no-install'], { cwd: below })
    commitAsPrinted((await add('github')).stderr)
    const nothing = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
    git('update-ref', 'HEAD', git('commit-tree', nothing, '-m', 'Empty').trim())
    commitAsPrinted((await add('github')).stderr)
    writeFileSync(join(web, 'README.md'), 'mine')
    commitAsPrinted((await add('github')).stderr)
    commitAsPrinted((await add('github')).stdout)
    expect(git('log', '-1', '--format=%s')).toBe('Add GitHub\n')
  })

  test('say what is there already, or not, and change nothing', async () => {
    const { root, git } = await app('--tailwind', '--social', 'github')
    const there = await cli(['add', 'tailwind', 'github'], { cwd: root })
    expect(there).toEqual({
      exitCode: 0,
      stdout: 'Tailwind CSS and GitHub are there already. Nothing was changed.\n',
      stderr: '',
    })
    const absent = await cli(['remove', 'google'], { cwd: root })
    expect(absent.stdout).toBe('Google is not there. Nothing was changed.\n')
    expect(absent.exitCode).toBe(0)
    expect(git('status', '--short')).toBe('')
  })

  test('leave work that is not merged in conflict, with exit code 1', async () => {
    const repository = await app(...plain)
    const { root, git } = repository
    const file = join(root, 'src/lib/utils.ts')
    const mine = readFileSync(file, 'utf8').replaceAll('filter(Boolean)', 'filter((it) => it)')
    writeFileSync(file, mine)
    repository.commit('Mine')
    const run = await cli(['add', 'tailwind', '--no-install'], { cwd: root })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toContain('conflict       src/lib/utils.ts')
    expect(run.stdout).toContain('git mergetool')
    const text = readFileSync(file, 'utf8')
    expect(text).toContain('filter((it) => it)')
    expect(text).toContain(`>>>>>>> create-start-convex-auth ${version}\n`)
    expect(git('diff', '--name-only', '--diff-filter=U')).toBe('src/lib/utils.ts\n')
  })

  test('know the modules and variables that the user has in Convex', async () => {
    const repository = await app(...plain)
    const { root } = repository
    writeFileSync(join(root, 'convex/mine.ts'), 'export const answer = 42\n')
    const api = join(root, 'convex/_generated/api.d.ts')
    const server = join(root, 'convex/_generated/server.d.ts')
    const component = '  mine: import("mine/_generated/component.js").ComponentApi<"mine">;'
    const own = readFileSync(api, 'utf8')
      .replace('import type * as origins', 'import type * as mine from "../mine.js";\n$&')
      .replace('  origins: typeof origins;', '  mine: typeof mine;\n$&')
      .replace(/^ {2}betterAuth: .*;$/m, `$&\n${component}`)
    expect(own).toContain('typeof mine;')
    writeFileSync(api, own)
    const variables = readFileSync(server, 'utf8')
    writeFileSync(server, variables.replace('  readonly SITE_URL', '  readonly MINE: string;\n$&'))
    repository.commit('Mine')
    await cli(['add', 'github', '--no-install'], { cwd: root })
    const merged = readFileSync(api, 'utf8')
    expect(merged).toContain('  mine: typeof mine;\n  ')
    expect(merged).toContain('  socialProviders: typeof socialProviders;\n')
    expect(merged).toContain(component)
    expect(readFileSync(server, 'utf8')).toContain('  readonly MINE: string;\n')
    expect(readFileSync(server, 'utf8')).toContain('GITHUB_CLIENT_ID')
    repository.commit('Add')
    await cli(['remove', 'github', '--no-install'], { cwd: root })
    expect(readFileSync(api, 'utf8')).toBe(own)
  })

  test('leave variables and components as the user has made them in Convex', async () => {
    const repository = await app(...plain)
    const { root } = repository
    const write = (path: string, ...changes: readonly (readonly [RegExp, string])[]) => {
      const file = join(root, path)
      const before = readFileSync(file, 'utf8')
      const after = changes.reduce((text, [from, to]) => text.replace(from, to), before)
      expect(after).not.toBe(before)
      writeFileSync(file, after)
    }
    // As the CLI writes `v.union` of literals; prettier breaks a long one.
    const types = [
      '  readonly MODE: "a" | "b;";',
      '  readonly MODE_OF_MAIL: "left" | "right" | undefined;',
      `  readonly PLAN:\n${['free', 'team', 'firm'].map((name) => `    | "${name.repeat(9)}"`).join('\n')};`,
      '  readonly lower_case: string;',
    ]
    write(
      'convex/convex.config.ts',
      [/ *BETTER_AUTH_SECRET.*\n/, ''],
      [
        /^ *SITE_URL/m,
        '    MODE: mode, /* OLD: v.string() */\n' +
          "    MODE_OF_MAIL: v.optional(v.union(v.literal('left'), v.literal('right'))),\n" +
          '    PLAN: v.union(),\n    lower_case: v.string(),\n$&',
      ],
    )
    write(
      'convex/_generated/server.d.ts',
      [/ *readonly BETTER_AUTH_SECRET.*\n/, ''],
      [/^ {2}readonly SITE_URL/m, `${types.slice(0, 3).join('\n')}\n$&`],
      [/^ {2}readonly TRUSTED_ORIGINS.*$/m, `$&\n${types[3]}`],
    )
    write(
      'convex/_generated/api.d.ts',
      [/ *rateLimiter: import.*\n/, ''],
      [/import\("@convex-dev\/better-auth\//, 'import("../betterAuth/'],
    )
    repository.commit('Mine')
    const before = filesOf(root)
    const run = await cli(['add', 'github', '--no-install'], { cwd: root })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    const server = readFileSync(join(root, 'convex/_generated/server.d.ts'), 'utf8')
    for (const type of types) expect(server).toContain(`${type}\n`)
    expect(server).toContain('  readonly GITHUB_CLIENT_ID: string | undefined;\n')
    expect(server).not.toContain('BETTER_AUTH_SECRET')
    const api = readFileSync(join(root, 'convex/_generated/api.d.ts'), 'utf8')
    expect(api).toContain('  betterAuth: import("../betterAuth/_generated/component.js")')
    expect(api).not.toContain('rateLimiter: import')
    const { stdout } = await cli(['doctor', '--json'], { cwd: root })
    expect((JSON.parse(stdout) as { checks: unknown }).checks).toContainEqual(
      expect.objectContaining({ id: 'convex-generated', ok: true }),
    )
    repository.commit('Add')
    await cli(['remove', 'github', '--no-install'], { cwd: root })
    expect(filesOf(root)).toEqual(before)
  })

  test('leave to the CLI what settings of the user have made of its files', async () => {
    const repository = await app(...plain)
    const { root } = repository
    const server = join(root, 'convex/_generated/server.d.ts')
    const api = join(root, 'convex/_generated/api.d.ts')
    writeFileSync(server, readFileSync(server, 'utf8').replaceAll(/^ {2}readonly/gm, '\treadonly'))
    // "codegen": { "staticApi": true } in convex.json
    writeFileSync(api, readFileSync(api, 'utf8').replaceAll(/^.*typeof \w+;\n/gm, ''))
    repository.commit('Mine')
    const before = filesOf(root)
    const run = await cli(['add', 'github', '--no-install'], { cwd: root })
    expect(run.stdout).toContain('npx convex codegen')
    const after = filesOf(root)
    for (const path of [server, api].map((file) => file.slice(root.length + 1))) {
      expect(after[path]).toEqual(before[path])
    }
  })

  test('work in a folder of a bigger repository, and below the app', async () => {
    const parent = emptyFolder()
    mkdirSync(join(parent, 'apps'))
    await cli(['apps/web', ...plain, ...fixed], { cwd: parent })
    writeFileSync(join(parent, 'other.txt'), 'other\n')
    const { git } = gitRepository(parent)
    writeFileSync(join(parent, 'other.txt'), 'edited\n')
    const cwd = join(parent, 'apps/web/src')
    const run = await cli(['add', 'google', '--no-install'], { cwd })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(existsSync(join(parent, 'apps/web/convex/socialProviders.ts'))).toBe(true)
    expect(git('status', '--short', 'other.txt')).toBe(' M other.txt\n')
  })

  test('a layer of somebody else that has a name of ours is not taken for it', async () => {
    const { root, git, commit } = await app('--no-tailwind', '--social', 'google')
    const layer = join(root, '../layer')
    const named = (name: string) => JSON.stringify({ name, title: 'Theirs', description: 'More' })
    mkdirSync(join(layer, 'src'), { recursive: true })
    writeFileSync(join(layer, 'src/extra.ts'), 'export const extra = true\n')
    for (const name of ['social', 'email', 'github', 'base', 'pnpm']) {
      writeFileSync(join(layer, 'layer.json'), named(name))
      const run = await cli(['add', '--layer', '../layer'], { cwd: root })
      expect(run.stderr).toMatch(new RegExp(`something named "${name}" itself\\.\\n.*another name`))
      expect(run).toMatchObject({ exitCode: 1, stdout: '' })
    }
    writeFileSync(join(layer, 'layer.json'), named('extra'))
    const none = await cli(['add', '--layer', '..'], { cwd: root })
    expect(none).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('not a layer') })
    writeFileSync(join(root, '../layer.json'), named('extra'))
    const around = await cli(['add', '--layer', '..'], { cwd: root })
    expect(around.stderr).toContain("The app can't be inside a layer that it takes")
    expect(around).toMatchObject({ exitCode: 2, stdout: '' })

    // Of a record, it may be there since before we had the name.
    const before = filesOf(root)
    await cli(['add', '--layer', '../layer', '--no-install'], { cwd: root })
    const file = join(root, '.start-convex-auth.json')
    const record = readFileSync(file, 'utf8')
    for (const name of ['email', 'github']) {
      writeFileSync(join(layer, 'layer.json'), named(name))
      const { digest } = await readLayer(layer, '../layer')
      writeFileSync(file, record.replace('"extra"', `"${name}"`).replace(/sha256-\w+/, digest))
      commit(name)
      if (name === 'email') {
        const run = await cli(['add', name], { cwd: root })
        expect(run.stderr).toMatch(
          /named "email": from \.\.\/layer and from create-start-convex-auth itself.*remove email/s,
        )
        expect(run).toMatchObject({ exitCode: 1, stdout: '' })
      }
      const removed = await cli(['remove', name, '--no-install'], { cwd: root })
      expect(removed.stdout).toContain('Removed Theirs')
      expect(filesOf(root)).toEqual(before)
      git('reset', '--quiet', '--hard')
    }
  })

  test('take a layer of somebody else, and take it out again', async () => {
    const { root, git, commit } = await app(...plain)
    const layer = join(root, '../layer')
    mkdirSync(join(layer, 'src'), { recursive: true })
    writeFileSync(
      join(layer, 'layer.json'),
      JSON.stringify({ name: 'extra', title: 'Extra', description: 'More' }),
    )
    writeFileSync(join(layer, 'src/extra.ts'), 'export const extra = true\n')
    const before = filesOf(root)
    const source = '../../layer'
    const run = await cli(['add', '--layer', source, '--no-install'], { cwd: join(root, 'src') })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(readFileSync(join(root, '.start-convex-auth.json'), 'utf8')).toContain('"../layer"')
    expect(existsSync(join(root, 'src/extra.ts'))).toBe(true)
    commit('Add')
    const again = await cli(['add', '--layer', '../layer'], { cwd: root })
    expect(again.stdout).toBe('Extra is there already. Nothing was changed.\n')
    const twin = join(root, '../twin')
    cpSync(layer, twin, { recursive: true })
    const other = await cli(['add', '--layer', '../twin'], { cwd: root })
    expect(other).toMatchObject({ exitCode: 1, stdout: '' })
    expect(other.stderr).toMatch(
      /named "extra": from \.\.\/layer and from \.\.\/twin.*remove extra/s,
    )
    const removed = await cli(['remove', 'extra', '--no-install'], { cwd: root })
    expect(removed).toMatchObject({ exitCode: 0, stderr: '' })
    expect(filesOf(root)).toEqual(before)

    // It has moved, and the record learns where to.
    git('reset', '--quiet', '--hard')
    renameSync(layer, join(root, '../moved'))
    const gone = await cli(['remove', 'extra', '--no-install'], { cwd: root })
    expect(gone).toMatchObject({ exitCode: 1, stdout: '' })
    expect(gone.stderr).toMatch(
      /can't be had again, from \.\.\/layer.*"source" in \.start-convex-auth/s,
    )
    const file = join(root, '.start-convex-auth.json')
    const record = readFileSync(file, 'utf8')

    // Or the app goes on without it.
    expect(gone.stderr).toContain('take its entry out of "layers"')
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(record) as object), layers: {} }))
    commit('Without')
    const without = await cli(['add', 'tailwind', '--no-install'], { cwd: root })
    expect(without).toMatchObject({ exitCode: 0, stderr: '' })
    expect(existsSync(join(root, 'src/extra.ts'))).toBe(true)
    git('reset', '--quiet', '--hard', 'HEAD~1')

    writeFileSync(file, record.replace('../layer', '../moved'))
    commit('Moved')
    expect(await cli(['remove', 'extra', '--no-install'], { cwd: root })).toEqual(removed)
    expect(filesOf(root)).toEqual(before)
    renameSync(join(root, '../moved'), layer)

    commit('Remove')
    writeFileSync(join(layer, 'package.json'), '{ "scripts": { "postinstall": "node x.js" } }')
    const words = 'Layer "extra" (../layer) runs `node x.js` when the dependencies are installed'
    const args = ['add', '--layer', '../layer', '--dry-run']
    expect((await cli(args, { cwd: root })).stdout).toContain(words)
    const asJson = await cli([...args, '--json'], { cwd: root })
    expect(JSON.parse(asJson.stdout)).toMatchObject({ warnings: [expect.stringContaining(words)] })
    expect(asJson.stderr).toContain(words)
  })
})

describe('--dry-run and --json', () => {
  test('show the difference and write nothing', async () => {
    const { root, git } = await app(...plain)
    const run = await cli(['add', 'tailwind', '--dry-run'], { cwd: root })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(run.stdout).toContain('+    "tailwindcss": "')
    expect(run.stdout).toContain('  added          components.json\n')
    expect(run.stdout).toMatch(/Would add Tailwind CSS: .* Nothing was written\.\n$/)
    expect(git('status', '--short')).toBe('')
  })

  test('print one document, whose fields are documented', async () => {
    const { root, git } = await app(...plain)
    const run = async (...args: readonly string[]) =>
      JSON.parse(
        (await cli(['add', 'github', 'google', '--json', ...args], { cwd: root })).stdout,
      ) as Record<string, unknown>
    const dry = await run('--dry-run')
    expect(dry).toMatchObject({
      version,
      path: root,
      added: ['github', 'google'],
      unchanged: [],
      dryRun: true,
      conflicts: [],
      stale: [],
    })
    expect(dry['diff']).toContain('+++ b/convex/socialProviders.ts')
    expect(git('status', '--short')).toBe('')
    const done = await run('--no-install')
    expect(done['files']).toEqual(dry['files'])
    expect(done['files']).toContainEqual({
      path: 'convex/socialProviders.ts',
      change: 'added',
      from: null,
      note: null,
    })
    expect(done).toMatchObject({ dryRun: false, installed: false })
    const docs = readFileSync(join(import.meta.dirname, '../../docs/json.md'), 'utf8')
    const [, section = ''] = docs.split('## `add` and `remove`')
    for (const field of Object.keys({ ...dry, ...done })) expect(section).toContain(`\`${field}\``)
  })
})

describe('refuse, say what mends it, and change nothing', () => {
  test.each<[string, string[], RegExp]>([
    ['a name that is nearly one', ['add', 'tailwnd'], /no feature "tailwnd"\.\n.*mean tailwind\?/],
    ['a layer that has parts', ['add', 'social'], /has parts: name github, google/],
    ['no name', ['add'], /Missing: what to add\.\n.*tailwind, .*github, google/],
    ['no name to remove', ['remove'], /Missing: what to remove\.\n/],
    ['a flag of another command', ['add', 'tailwind', '--port', '1'], /isn't a flag/],
  ])('%s: exit code 2', async (_, args, message) => {
    const { root, git } = await app(...plain)
    const run = await cli(args, { cwd: root })
    expect(run.stderr).toMatch(message)
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(git('status', '--short')).toBe('')
  })

  interface Broken {
    readonly name: string
    readonly breaks: (repository: Awaited<ReturnType<typeof app>>) => void
    readonly says: RegExp
  }

  const broken: readonly Broken[] = [
    {
      name: 'a folder that is in no repository',
      breaks: ({ root }) => rmSync(join(root, '.git'), { recursive: true }),
      says: /no git repository.*\n\s+git init\n\s+git add --all\n\s+git commit/s,
    },
    {
      name: 'a repository that is bare',
      breaks: ({ git }) => git('config', 'core.bare', 'true'),
      says: /bare git repository.*\n\s+Clone it/,
    },
    {
      name: 'no commit yet',
      breaks: ({ git }) => git('update-ref', '-d', 'HEAD'),
      says: /no commit yet.*\n\s+git add --all\n\s+git commit/s,
    },
    {
      name: 'an app that git has never seen',
      breaks: ({ git }) => (git('rm', '--quiet', '--cached', '-r', '.'), git('commit', '-qm', 'x')),
      says: /isn't in the last commit.*\n\s+git add --all/s,
    },
    {
      name: 'a merge that is under way',
      breaks: ({ git, root }) => {
        git('switch', '--quiet', '--create', 'other')
        writeFileSync(join(root, 'a.txt'), 'a')
        git('add', 'a.txt')
        git('commit', '--quiet', '-m', 'a')
        git('switch', '--quiet', '-')
        git('merge', '--quiet', '--no-commit', '--no-ff', 'other')
      },
      says: /git merge is under way here\.\n.*git merge --continue, or git merge --abort/,
    },
    {
      name: 'several cherry-picks, one of which had to be mended by hand',
      breaks: ({ git, commit, root }) => {
        const write = (text: string) => (writeFileSync(join(root, 'a.txt'), text), commit(text))
        write('one')
        git('switch', '--quiet', '--create', 'other', 'HEAD~1')
        write('two')
        write('three')
        git('switch', '--quiet', '-')
        expect(() => git('cherry-pick', 'other~2..other')).toThrow()
        write('mended')
      },
      says: /git cherry-pick or revert is under way here\.\n.*git status tells/,
    },
    {
      name: 'patches that are being applied',
      breaks: ({ git, commit, root }) => {
        writeFileSync(join(root, 'a.txt'), 'one')
        commit('One')
        git('format-patch', '--quiet', '-1', '--output=.git/one.patch')
        git('reset', '--quiet', '--hard', 'HEAD~1')
        writeFileSync(join(root, 'a.txt'), 'two')
        commit('Two')
        expect(() => git('am', '.git/one.patch')).toThrow()
      },
      says: /git am is under way here\.\n.*git am --continue, or git am --abort/,
    },
    {
      name: 'a bisect, which goes to another commit in the end',
      breaks: ({ git, commit }) => {
        commit('One')
        commit('Two')
        git('bisect', 'start', 'HEAD', 'HEAD~2')
      },
      says: /git bisect is under way here\.\n.*git bisect reset/,
    },
    {
      name: 'changes that are not committed',
      breaks: ({ root }) => writeFileSync(join(root, 'README.md'), 'mine\n'),
      says: /not committed: README\.md\.\n.*\n\s+git add --all\n\s+git commit.*\n.*--allow-dirty/,
    },
    {
      name: 'a record of another version',
      breaks: ({ root, commit }) => {
        const file = join(root, '.start-convex-auth.json')
        writeFileSync(file, readFileSync(file, 'utf8').replace(`@${version}`, '@0.0.9'))
        commit('Old')
      },
      says: /made with create-start-convex-auth 0\.0\.9, and this is .*update\n.*\n\s+npm create start-convex-auth@0\.0\.9 add tailwind\n/s,
    },
    {
      name: 'a record that names a feature with none of its parts',
      breaks: ({ root, commit }) => {
        const file = join(root, '.start-convex-auth.json')
        const record = readFileSync(file, 'utf8')
        writeFileSync(file, record.replace('"layers": {}', '"layers": { "social": {} }'))
        commit('By hand')
      },
      says: /"social" with none of its choices/,
    },
    {
      name: 'a damaged record',
      breaks: ({ root }) => writeFileSync(join(root, '.start-convex-auth.json'), '{'),
      says: /damaged.*\n\s+.*git checkout -- \.start-convex-auth\.json/,
    },
    {
      name: 'a run that was stopped half way',
      breaks: ({ root, git }) => {
        writeFileSync(join(root, '.git/start-convex-auth-paths'), ':(top,literal)vite.config.ts\n')
        writeFileSync(join(root, 'vite.config.ts'), 'half')
        git('add', 'vite.config.ts')
      },
      says: /half done\.\n.*\n\s+git restore --no-recurse-submodules --source=HEAD --staged --worktree --pathspec-from-file=\.git\/start-convex-auth-paths\n/,
    },
  ]

  test('a record of another version: the command that is offered is whole', async () => {
    const { root, commit } = await app(...plain)
    const file = join(root, '.start-convex-auth.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace(`@${version}`, '@0.0.9'))
    commit('Old')
    const run = await cli(['add', 'github, google', '--layer', '../mine'], { cwd: root })
    expect(run.stderr).toContain(
      'npm create start-convex-auth@0.0.9 add github google -- --layer ../mine\n',
    )
  })

  test('a record of a newer form: the version that reads it is run with the same words', async () => {
    const { root } = await app(...plain)
    const file = join(root, '.start-convex-auth.json')
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"schemaVersion": 2', '"schemaVersion": 9'),
    )
    const words = ['add', 'github', '--layer', '../my layer', '--dry-run']
    const { stderr } = await cli(words, { cwd: root })
    expect(stderr).toContain(
      'npx create-start-convex-auth@latest add github --layer "../my layer" --dry-run\n',
    )
  })

  test('seen from a folder of the app: what is to be typed leads there', async () => {
    const { root, git } = await app(...plain)
    const cwd = join(root, 'src')
    const typed = (run: { stderr: string }) =>
      execFileSync(/git (?:checkout|init).*/.exec(run.stderr)?.[0] ?? 'false', { cwd, shell: true })
    for (const [path, command] of [
      ['.start-convex-auth.json', ['add', 'tailwind']],
      ['package.json', ['setup', '--yes']],
    ] as const) {
      writeFileSync(join(root, path), '{')
      typed(await cli(command, { cwd }))
      expect(git('status', '--short')).toBe('')
    }
    rmSync(join(root, '.git'), { recursive: true })
    typed(await cli(['add', 'tailwind'], { cwd }))
    expect(existsSync(join(root, '.git'))).toBe(true)
  })

  test('a merge that is under way, with a conflict in the record: that is said', async () => {
    const { root, git, commit } = await app(...plain)
    const file = join(root, '.start-convex-auth.json')
    const record = readFileSync(file, 'utf8')
    git('checkout', '--quiet', '-b', 'other')
    writeFileSync(file, record.replace('3000', '4000'))
    commit('Theirs')
    git('checkout', '--quiet', '-')
    writeFileSync(file, record.replace('3000', '5000'))
    commit('Ours')
    spawnSync('git', ['merge', 'other'], { cwd: root })
    const { stderr } = await cli(['add', 'tailwind'], { cwd: join(root, 'src') })
    expect(stderr).toMatch(
      /has a conflict in it[^]*git add \.\.\/\.start-convex-auth\.json\n.*git status\n/,
    )
  })

  test('another version that prints an object and ends is said, with its words', async () => {
    const { root } = await app(...plain)
    const file = join(root, '.start-convex-auth.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace(`@${version}`, '@0.0.0'))
    const other = emptyFolder()
    const bin = { 'create-start-convex-auth': 'bin.cjs' }
    const manifest = { name: 'create-start-convex-auth', version: '0.0.0', bin }
    writeFileSync(join(other, 'package.json'), JSON.stringify(manifest))
    writeFileSync(
      join(other, 'bin.cjs'),
      "console.log('{\\n  error: out of cheese\\n}'); process.exit(3)",
    )
    const run = await cli(['update', '--from', other], { cwd: root })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toMatch(/couldn't be run \(exit code 3\)[^]*out of cheese/)
  })

  test('no tar, which a package is unpacked by', async () => {
    const { root } = await app(...plain)
    const file = join(root, '.start-convex-auth.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace(`@${version}`, '@0.0.0'))
    writeFileSync(join(root, 'x.tgz'), '')
    const env = { PATH: emptyFolder() }
    const { stderr } = await cli(['update', '--from', 'x.tgz'], { cwd: root, env })
    expect(stderr).toMatch(/tar isn't on the PATH/)
  })

  test('an app that the repository around it ignores', async () => {
    const parent = emptyFolder()
    await cli(['app', ...plain, ...fixed], { cwd: parent })
    writeFileSync(join(parent, '.gitignore'), 'app\n')
    gitRepository(parent)
    const root = join(parent, 'app')
    const { stderr } = await cli(['add', 'tailwind'], { cwd: root })
    expect(stderr).toMatch(/repository that .*app is in ignores it\.\n.*\n\s+git init\n/)
    gitRepository(root)
    const run = await cli(['add', 'tailwind', '--no-install'], { cwd: root })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
  })

  test('half way, seen from a folder of the app: the command leads there, too', async () => {
    const { root, git } = await app(...plain)
    const journal = ':(top,literal)vite.config.ts\n'
    writeFileSync(join(root, '.git/start-convex-auth-paths'), journal)
    writeFileSync(join(root, 'vite.config.ts'), 'half')
    const cwd = join(root, 'src/lib')
    const { stderr } = await cli(['add', 'tailwind'], { cwd })
    const [command = ''] = /git restore .*/.exec(stderr) ?? []
    execFileSync(command, { cwd, shell: true })
    expect(git('status', '--short')).toBe('')
  })

  test.each(broken)('$name: exit code 1', async ({ breaks, says }) => {
    const repository = await app(...plain)
    breaks(repository)
    const before = filesOf(repository.root)
    const run = await cli(['add', 'tailwind'], { cwd: repository.root })
    expect(run.stderr).toMatch(says)
    expect(run).toMatchObject({ exitCode: 1, stdout: '' })
    expect(filesOf(repository.root)).toEqual(before)
  })

  test('a folder that is no app: exit code 2', async () => {
    const run = await cli(['add', 'tailwind'], { cwd: emptyFolder() })
    expect(run.stderr).toMatch(/isn't in an app that create-start-convex-auth made/)
    expect(run.exitCode).toBe(2)
  })

  test('no folder for temporary files: that is said', async () => {
    const { root, git } = await app(...plain)
    const run = await cli(['add', 'tailwind'], { cwd: root, env: { TMPDIR: join(root, 'none') } })
    expect(run.stderr).toMatch(/No temporary folder can be made.*\n.*Set TMPDIR/)
    const layer = ['add', '--layer', 'gh:nobody/nothing']
    const fetched = await cli(layer, { cwd: root, env: { TMPDIR: join(root, 'none') } })
    expect(fetched.stderr).toMatch(/No temporary folder can be made.*\n.*Set TMPDIR/)
    expect(git('status', '--short')).toBe('')
  })

  test('a folder for temporary files that is named from where the user is', async () => {
    const { root } = await app(...plain)
    mkdirSync(join(root, 'node_modules/temporary'), { recursive: true })
    const cwd = join(root, 'node_modules')
    const run = await cli(['add', 'tailwind', '--no-install'], {
      cwd,
      env: { TMPDIR: 'temporary' },
    })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(readdirSync(join(cwd, 'temporary'))).toEqual([])
  })

  test.each([
    ['no git', undefined, /git isn't on the PATH.*\n.*git-scm\.com/],
    ['a git that is too old', 'git version 2.34.1', /git version 2\.34\.1.*2\.38.*\n.*git-scm/],
  ])('%s', async (_, answer, says) => {
    const { root } = await app(...plain)
    const bin = emptyFolder()
    if (answer !== undefined) {
      writeFileSync(join(bin, 'git'), `#!/bin/sh\necho ${answer}\n`)
      chmodSync(join(bin, 'git'), 0o755)
    }
    const PATH = answer === undefined ? bin : [bin, process.env['PATH']].join(delimiter)
    const run = await cli(['add', 'tailwind'], { cwd: root, env: { PATH } })
    expect(run.stderr).toMatch(says)
    expect(run.exitCode).toBe(1)
  })
})

const mayMount =
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0

/** Runs a command again and again on a disk of its own, with more space each time, until it succeeds. */
const ON_A_SMALL_DISK = `
mount -t tmpfs -o size=8m none "$1" && cp -r app/. "$1" && cd "$1" && shift || exit 99
for free in $(seq 0 40 2000); do
  dd if=/dev/zero of=.git/fill bs=1k 2>/dev/null
  truncate -s "-\${free}K" .git/fill
  said=$("$@" 2>&1) && exit 0
  truncate -s 0 .git/fill
  git prune --expire=now
  echo "== $free"; echo "$said"; git status --porcelain; ls .git | grep start-convex-auth
done`

test.runIf(mayMount)('a full disk is said, and all is as it was, wherever it is full', async () => {
  const { root } = await app(...plain)
  const args = ['sh', '-c', ON_A_SMALL_DISK, 'sh', emptyFolder(), process.execPath]
  const add = [inject('installed').bin, 'add', 'tailwind', 'email', '--no-install']
  const { status, stdout } = spawnSync('unshare', ['--mount', ...args, ...add], {
    cwd: join(root, '..'),
    env: cleanEnv(),
    encoding: 'utf8',
  })
  expect(status).toBe(0)
  const runs = stdout.split(/^== .*\n/m).slice(1)
  // In git's objects, and in the files.
  const places = ['hash-object', 'checkout-index']
  expect(places.filter((place) => stdout.includes(`git ${place}\` can't write`))).toEqual(places)
  for (const run of runs) {
    expect(run).toMatch(
      /^Error .* can't (?:write|be written): the disk is full\.\n(?: +Your files are as they were\.\n)? +Free some space, then run it again\.\n+$/,
    )
  }
})

test.runIf(process.getuid?.() === 0)(
  'a folder that may not be written to: all is as it was',
  async () => {
    const { root } = await app(...plain)
    execFileSync('chown', ['-R', '65534:65534', dirname(root)])
    chmodSync(join(root, 'src/lib'), 0o555)
    const before = filesOf(root)
    const env = { HOME: root }
    const run = await cli(['add', 'tailwind'], { cwd: root, uid: 65534, env })
    expect(run.stderr).toMatch(
      /src\/lib\/utils\.ts'?: Permission denied\n +Your files are as they were\.\n/,
    )
    expect(filesOf(root)).toEqual(before)
    expect(existsSync(join(root, '.git/start-convex-auth-paths'))).toBe(false)
    chmodSync(join(root, 'src/lib'), 0o755)
    const again = await cli(['add', 'tailwind', '--no-install'], { cwd: root, uid: 65534, env })
    expect(again).toMatchObject({ exitCode: 0, stderr: '' })
  },
)

describe('works in', () => {
  test('a hook of git, which points every git below it at its own repository', async () => {
    const parent = emptyFolder()
    mkdirSync(join(parent, 'apps'))
    await cli(['apps/web', ...plain, ...fixed], { cwd: parent })
    const { git } = gitRepository(parent)
    const other = await app(...plain)
    const env = { GIT_DIR: join(other.root, '.git'), GIT_INDEX_FILE: '.git/other-index' }
    const cwd = join(parent, 'apps/web')
    const run = await cli(['add', 'tailwind', '--no-install'], { cwd, env })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(git('status', '--short')).toContain('A  apps/web/components.json\n')
    expect(other.git('status', '--short')).toBe('')
  })

  test('a sparse checkout, where it has what changes', async () => {
    const { root, git } = await app(...plain)
    git('sparse-checkout', 'set', 'convex', 'src')
    const run = await cli(['add', 'tailwind', '--no-install'], { cwd: root })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    git('reset', '--quiet', '--hard')
    git('sparse-checkout', 'set', 'convex', 'src/routes')
    const refused = await cli(['add', 'tailwind', '--no-install'], { cwd: root })
    expect(refused.stderr).toMatch(
      /sparse checkout keeps out.*src\/components.*\n.*sparse-checkout add/,
    )
    expect(git('status', '--short')).toBe('')
  })

  test('a shallow clone', async () => {
    const origin = await app(...plain)
    origin.commit('Second')
    const clone = join(emptyFolder(), 'clone')
    execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${origin.root}`, clone])
    const run = await cli(['add', 'tailwind', '--no-install'], { cwd: clone })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
  })

  test('a worktree', async () => {
    const origin = await app(...plain)
    const worktree = join(emptyFolder(), 'tree')
    origin.git('worktree', 'add', '--quiet', worktree)
    const run = await cli(['add', 'tailwind', '--no-install'], { cwd: worktree })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(origin.git('status', '--short')).toBe('')
  })

  test('a submodule', async () => {
    const origin = await app(...plain)
    const outer = emptyFolder()
    execFileSync('git', ['init', '--quiet'], { cwd: outer })
    const { git } = gitRepository(outer)
    git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', origin.root, 'app')
    const cwd = join(outer, 'app')
    const run = await cli(['add', 'tailwind', '--no-install'], { cwd })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(existsSync(join(cwd, 'components.json'))).toBe(true)
  })

  test('a clone with CRLF in its work tree, which stays so', async () => {
    const origin = await app(...plain)
    const clone = join(emptyFolder(), 'clone')
    execFileSync('git', ['clone', '--quiet', origin.root, clone])
    const repository = gitRepository(clone)
    rmSync(join(clone, '.gitattributes'))
    repository.git('config', 'core.autocrlf', 'true')
    repository.commit('No attributes')
    repository.git('rm', '-rq', '--cached', '.')
    repository.git('reset', '--quiet', '--hard')
    const before = readFileSync(join(clone, 'vite.config.ts'), 'utf8')
    expect(before).toContain('\r\n')
    const run = await cli(['add', 'tailwind', '--no-install'], { cwd: clone })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    const text = readFileSync(join(clone, 'vite.config.ts'), 'utf8')
    expect(text).toContain('tailwindcss(),\r\n')
    expect(repository.git('diff', '--name-only')).toBe('')
  })
})
