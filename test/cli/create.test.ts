import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { cli, emptyFolder } from '../helpers/cli.ts'
import { programs, run } from '../helpers/run.ts'

const quick = ['--no-install', '--no-git']
const plain = ['--no-tailwind', '--no-social', ...quick]

/** Every file below a folder, with slashes. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => path.slice(folder.length + 1).replaceAll('\\', '/'))
    .sort()
}

function writeBanner(folder: string, text = '{{name}} on {{port}}'): void {
  const manifest = { name: 'banner', title: 'Banner', description: 'A banner' }
  mkdirSync(folder)
  writeFileSync(join(folder, 'layer.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'BANNER.md.hbs'), `${text}\n`)
}

describe('create', () => {
  test('commits into its own repository, whichever a hook or a shell names in the environment', async () => {
    const cwd = emptyFolder()
    const other = join(cwd, 'other')
    execFileSync('git', ['init', '--quiet', other])
    writeFileSync(join(other, 'theirs'), '')
    execFileSync('git', ['add', 'theirs'], { cwd: other })
    const index = join(other, '.git/index')
    const before = readFileSync(index)
    const args = ['app', '--no-tailwind', '--no-social', '--no-install']
    const { exitCode } = await cli(args, {
      cwd,
      env: {
        GIT_DIR: join(other, '.git'),
        GIT_WORK_TREE: other,
        GIT_INDEX_FILE: index,
        GIT_OBJECT_DIRECTORY: join(other, '.git/objects'),
        GIT_AUTHOR_NAME: 'Ada',
        GIT_AUTHOR_EMAIL: 'ada@example.com',
        GIT_COMMITTER_NAME: 'Ada',
        GIT_COMMITTER_EMAIL: 'ada@example.com',
      },
    })
    expect(exitCode).toBe(0)
    const git = (...words: string[]) =>
      execFileSync('git', words, { cwd: join(cwd, 'app'), encoding: 'utf8' })
    expect(git('log', '--format=%s')).toBe('Initial commit\n')
    expect(git('ls-files')).toContain('package.json')
    expect(git('fsck')).toBe('')
    expect(readFileSync(index)).toEqual(before)
  })

  test.each([{ NODE_ENV: 'production' }, { npm_config_omit: 'dev' }])(
    'the next steps install all, where %j leaves a part out',
    async (env) => {
      const run = await cli(['app', ...plain, '--pm', 'npm'], { cwd: emptyFolder(), env })
      expect(run.stdout).toContain('   npm install --include=dev --include=optional\n')
    },
  )

  test('writes the repository and says what comes next', async () => {
    const cwd = emptyFolder()
    const run = await cli(['my-app', '--tailwind', '--social', 'google', ...quick], {
      cwd,
    })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(readdirSync(cwd)).toEqual(['my-app'])
    const app = join(cwd, 'my-app')
    for (const path of [
      '.gitignore',
      '.env.convex',
      '.start-convex-auth.json',
      'convex/socialProviders.ts',
      'src/routes/__root.tsx',
    ]) {
      expect(existsSync(join(app, path)), path).toBe(true)
    }
    const { name } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as { name: string }
    expect(name).toBe('my-app')
    expect(run.stdout).toContain('with Tailwind CSS and Google')
    expect(run.stdout).toContain('GOOGLE_CLIENT_SECRET')
    expect(run.stdout).not.toContain('GITHUB')
  })

  test('e-mail is off unless it is asked for, and says where its key is made', async () => {
    const cwd = emptyFolder()
    const without = await cli(['without', ...plain], { cwd })
    expect(without.stdout).not.toMatch(/resend/i)
    const run = await cli(['with', ...plain, '--email'], { cwd })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(run.stdout).toContain('https://resend.com/api-keys')
    for (const command of ['', ' --prod']) {
      for (const name of ['RESEND_API_KEY', 'EMAIL_FROM']) {
        expect(run.stdout).toContain(`   npx convex env set${command} ${name}\n`)
      }
    }
    expect(run.stdout).toContain('--no-social --email --pm')
    const paths = filesIn(join(cwd, 'with')).filter((path) => /email/i.test(path))
    expect(paths).toContain('convex/email.ts')
    expect(filesIn(join(cwd, 'without')).filter((path) => /resend|mail/i.test(path))).toEqual([])
    expect(readFileSync(join(cwd, 'with/.env.example'), 'utf8')).toContain('RESEND_API_KEY')
    const { services } = JSON.parse(
      (await cli(['json', ...plain, '--email', '--json'], { cwd })).stdout,
    ) as { services: object[] }
    expect(services).toMatchObject([
      { commands: ['npx convex env set RESEND_API_KEY', 'npx convex env set EMAIL_FROM'] },
    ])
  })

  test('the secret that it prints is the one in .env.convex, and new each time', async () => {
    const cwd = emptyFolder()
    const secrets = new Set<string>()
    for (const name of ['one', 'two']) {
      const { stdout } = await cli([name, ...plain], { cwd })
      const secret = /BETTER_AUTH_SECRET ([0-9a-f]{64})\n/.exec(stdout)?.[1]
      const file = readFileSync(join(cwd, name, '.env.convex'), 'utf8')
      expect(file).toContain(`BETTER_AUTH_SECRET=${secret}\n`)
      secrets.add(String(secret))
    }
    expect(secrets.size).toBe(2)
  })

  test('the command that repeats a run makes the same repository', async () => {
    const cwd = emptyFolder()
    const { stdout } = await cli(
      ['a', '--social', 'github', '--tailwind', '--port', '4000', '--pm', 'pnpm', ...quick],
      { cwd },
    )
    const line = /pnpm create start-convex-auth@\S+ (.*)\n/.exec(stdout)?.[1]
    const again = join(cwd, 'again')
    mkdirSync(again)
    const { exitCode } = await cli(String(line).split(' '), { cwd: again })
    expect(exitCode).toBe(0)
    const paths = filesIn(join(cwd, 'a'))
    expect(filesIn(join(again, 'a'))).toEqual(paths)
    for (const path of paths.filter((path) => path !== '.env.convex')) {
      const [one, two] = [cwd, again].map((folder) => readFileSync(join(folder, 'a', path), 'utf8'))
      expect(two, path).toBe(one)
    }
  })

  test.each([
    ['deep/er/app', 'deep/er/app', 'app'],
    ['../sibling', '../sibling', 'sibling'],
    ['.', '.', 'here'],
  ])('takes %s', async (directory, path, name) => {
    const cwd = join(emptyFolder(), 'here')
    mkdirSync(cwd)
    writeFileSync(join(cwd, 'LICENSE'), 'mine\n')
    const run = await cli([directory, ...plain], { cwd })
    expect(run.exitCode).toBe(0)
    const manifest = readFileSync(join(cwd, path, 'package.json'), 'utf8')
    expect(JSON.parse(manifest)).toMatchObject({ name })
    expect(readFileSync(join(cwd, 'LICENSE'), 'utf8')).toBe('mine\n')
    expect(run.stdout.includes('   cd ')).toBe(directory !== '.')
  })

  test('takes an absolute path', async () => {
    const path = join(emptyFolder(), 'app')
    const run = await cli([path, ...plain], { cwd: emptyFolder() })
    expect(run.exitCode).toBe(0)
    expect(existsSync(join(path, 'package.json'))).toBe(true)
  })

  test('--yes takes the defaults', async () => {
    const cwd = emptyFolder()
    const run = await cli(['--yes', ...quick], { cwd })
    expect(run.exitCode).toBe(0)
    expect(readdirSync(cwd)).toEqual(['my-app'])
    expect(run.stdout).toContain('with Tailwind CSS.')
  })

  test.each([
    ['pnpm/12.0.0 npm/? node/v24', 'pnpm', 'pnpm exec convex init'],
    ['yarn/4.9.0 npm/? node/v24', 'yarn', 'yarn run convex init'],
    ['bun/1.4.0 npm/? node/v24', 'bun', 'bunx convex init'],
  ])('run by %s it speaks %s', async (agent, pm, command) => {
    const { stdout } = await cli(['a', ...plain], {
      cwd: emptyFolder(),
      env: { npm_config_user_agent: agent },
    })
    expect(stdout).toContain(`   ${pm} install\n`)
    expect(stdout).toContain(`   ${command}\n`)
    expect(stdout).not.toMatch(/\bnpm |npx/)
  })

  test('takes a layer from a folder, and from a server', async () => {
    const cwd = emptyFolder()
    writeBanner(join(cwd, 'banner'))
    execFileSync('tar', ['-czf', 'banner.tgz', 'banner'], { cwd })
    const archive = readFileSync(join(cwd, 'banner.tgz'))
    const server = createServer((_, response) => response.end(archive))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    for (const source of ['./banner', `http://127.0.0.1:${port}/banner.tar.gz`]) {
      const name = source.startsWith('.') ? 'local' : 'fetched'
      const run = await cli([name, '--layer', source, ...plain], {
        cwd,
        env: { XDG_CACHE_HOME: join(cwd, 'cache') },
      })
      expect(run).toMatchObject({ exitCode: 0, stderr: '' })
      expect(run.stdout).toContain('with Banner.')
      const banner = readFileSync(join(cwd, name, 'BANNER.md'), 'utf8')
      expect(banner).toBe(`${name} on 3000\n`)
    }
    server.close()
  })

  // Node 24's fetch throws past everybody there, while the download waits for what unpacks it.
  test('refuses what has too many files from a server that closes the connection', async () => {
    const cwd = emptyFolder()
    const pack =
      'mkdir bomb && cd bomb && seq 20001 | xargs touch && head -c 1000000 /dev/urandom > x && tar -czf ../bomb.tar.gz ../bomb'
    execFileSync('sh', ['-c', pack], { cwd, stdio: 'ignore' })
    const archive = readFileSync(join(cwd, 'bomb.tar.gz'))
    const server = createServer((_, response) =>
      response.setHeader('connection', 'close').end(archive),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const source = `http://127.0.0.1:${port}/bomb.tar.gz`
    const node = join(await programs('node@24'), 'node')
    const args = [inject('installed').bin, 'app', '--layer', source, ...plain]
    const { exitCode, output } = await run(node, args, { cwd })
    server.close()
    expect(output).toContain('holds more than 20000 files')
    expect(output).not.toMatch(/\n\s+at /)
    expect(exitCode).toBe(1)
  })

  test('what a layer would run at its installation is said before', async () => {
    const cwd = emptyFolder()
    writeBanner(join(cwd, 'banner'))
    writeFileSync(join(cwd, 'banner/package.json'), '{ "scripts": { "prepare": "node x.js" } }')
    const run = await cli(['app', '--layer', './banner', ...plain], { cwd })
    const words = 'Layer "banner" (./banner) runs `node x.js` when the dependencies are installed'
    expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(words) })
    const args = ['other', '--layer', './banner', ...plain, '--json']
    const { warnings } = JSON.parse((await cli(args, { cwd })).stdout) as { warnings: string[] }
    expect(warnings[0]).toContain(words)

    // What the app asks of Node isn't for a layer to break.
    const named = { name: 'banner', title: 'Banner', description: 'A banner' }
    const manifest = { ...named, replaces: ['package.json'] }
    writeFileSync(join(cwd, 'banner/layer.json'), JSON.stringify(manifest))
    writeFileSync(join(cwd, 'banner/package.json'), '{ "engines": { "node": 22 } }')
    const odd = await cli(['odd', '--layer', './banner', ...plain], { cwd })
    expect(odd).toMatchObject({ exitCode: 0, stderr: '' })
  })

  test.each([
    [
      { name: 'github' },
      /^Error\s.*layer\.json of layer "\.\/banner", line 1: .*"github" itself\.\n.*layer another name/s,
    ],
    [
      { choices: { npm: { title: 'npm' } } },
      /something named "npm" itself\.\n.*choice another name/,
    ],
  ])('a layer that takes a name of ours is refused: %j', async (names, message) => {
    const cwd = emptyFolder()
    writeBanner(join(cwd, 'banner'))
    const file = join(cwd, 'banner/layer.json')
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...names }))
    const run = await cli(['app', '--layer', './banner', ...plain], { cwd })
    expect(run.stderr).toMatch(message)
    expect(run).toMatchObject({ exitCode: 1, stdout: '' })
    const checked = await cli(['layer', 'check', 'banner'], { cwd })
    expect(checked.stdout).toMatch(/something named "\w+" itself\.\n.*another name/)
    expect(checked.exitCode).toBe(1)
  })

  test('an app inside a layer that it takes is refused', async () => {
    const cwd = emptyFolder()
    writeBanner(join(cwd, 'banner'))
    for (const [at, source] of [
      ['banner', '.'],
      ['.', './banner'],
    ] as const) {
      const args = [at === '.' ? 'banner/app' : 'app', '--layer', source, ...plain]
      const run = await cli(args, { cwd: join(cwd, at) })
      expect(run.stderr).toMatch(/can't be inside a layer that it takes.*\n.*beside the layer/)
      expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    }
    expect(filesIn(cwd)).toEqual(['banner/BANNER.md.hbs', 'banner/layer.json'])
  })

  test('~ is home for a layer, too', async () => {
    const cwd = emptyFolder()
    writeBanner(join(cwd, 'banner'))
    const env = { HOME: cwd, USERPROFILE: cwd }
    const run = await cli(['app', '--layer=~/banner', ...plain], { cwd, env })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    const record = ['--from-record=~/app/.start-convex-auth.json', '~/again']
    expect(await cli(record, { cwd: join(cwd, 'app'), env })).toMatchObject({ exitCode: 0 })
    expect(readFileSync(join(cwd, 'again/BANNER.md'), 'utf8')).toBe('app on 3000\n')
    const { stdout } = await cli(['layer', 'check', '~/banner'], { cwd: emptyFolder(), env })
    expect(stdout).toContain('layer.json says what it should')
  })

  test('a name that a template asks for in vain is an error', async () => {
    const cwd = emptyFolder()
    writeBanner(join(cwd, 'banner'), '{{nmae}}')
    const run = await cli(['app', '--layer', './banner', ...plain], { cwd })
    expect(run).toMatchObject({ exitCode: 1, stdout: '' })
    expect(run.stderr).toMatch(/BANNER\.md\.hbs of layer "banner".*nmae/)
    expect(readdirSync(cwd)).toEqual(['banner'])
  })

  test('colours only where they are wanted', async () => {
    const cwd = emptyFolder()
    const off = await cli(['a', ...plain], { cwd })
    expect(off.stdout).not.toContain('\u001b')
    const on = await cli(['b', ...plain], { cwd, env: { FORCE_COLOR: '1' } })
    expect(on.stdout).toContain('\u001b[')
    const flag = await cli(['c', '--no-color', ...plain], {
      cwd,
      env: { FORCE_COLOR: '1' },
    })
    expect(flag.stdout).not.toContain('\u001b')
  })

  test('a reader that goes away is no crash', () => {
    const cwd = emptyFolder()
    const { bin } = inject('installed')
    const output = execFileSync(
      'sh',
      ['-c', `"${process.execPath}" "${bin}" --help 2>err | head -c 1; cat err`],
      { cwd, encoding: 'utf8' },
    )
    expect(output).toBe('c')
  })
})

describe('--dry-run', () => {
  test('lists every file with size and owners, and writes nothing', async () => {
    const cwd = emptyFolder()
    const args = ['app', '--tailwind', '--social', 'github,google', ...quick]
    const dry = await cli([...args, '--dry-run'], { cwd })
    expect(dry).toMatchObject({ exitCode: 0, stderr: '' })
    expect(readdirSync(cwd)).toEqual([])
    await cli(args, { cwd })
    for (const path of filesIn(join(cwd, 'app'))) {
      const { size } = statSync(join(cwd, 'app', path))
      const row = dry.stdout.split('\n').find((line) => line.trim().startsWith(`${path} `))
      expect(row?.replace(/(\d) (\d)/, '$1$2'), path).toMatch(new RegExp(`  ${size}  \\w`))
    }
    expect(dry.stdout).toMatch(/vite\.config\.ts +[\d ]+ base \+ tailwind\n/)
  })
})

describe('--json', () => {
  test('prints one document and nothing else', async () => {
    const cwd = emptyFolder()
    const run = await cli(['app', '--json', ...plain], { cwd })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    const document = JSON.parse(run.stdout)
    expect(document).toMatchObject({
      name: 'app',
      path: join(cwd, 'app'),
      dryRun: false,
      installed: false,
      committed: false,
      options: { tailwind: false, social: [], pm: 'npm', port: 3000 },
      providers: [],
      next: [
        { commands: ['cd app'] },
        { commands: ['npm install'] },
        { commands: ['npx convex init'] },
        { commands: ['npx convex env set --from-file .env.convex'] },
        { commands: ['npm run dev'] },
      ],
      repeat: expect.stringContaining('npm create start-convex-auth@'),
    })
    expect(document.files.map(({ path }: { path: string }) => path)).toEqual(
      filesIn(join(cwd, 'app')),
    )
  })

  test('with --dry-run it writes nothing', async () => {
    const cwd = emptyFolder()
    const { stdout } = await cli(['app', '--json', '--dry-run', ...plain], {
      cwd,
    })
    expect(JSON.parse(stdout)).toMatchObject({ dryRun: true, name: 'app' })
    expect(readdirSync(cwd)).toEqual([])
  })

  test('asks nothing: what is missing is an error, as a document', async () => {
    const cwd = emptyFolder()
    const run = await cli(['app', '--json', '--no-social'], { cwd })
    expect(run).toMatchObject({ exitCode: 2, stderr: '' })
    expect(JSON.parse(run.stdout)).toEqual({
      error: {
        message: 'Missing: --tailwind or --no-tailwind. With --json, nothing is asked.',
        fix: 'Add what is missing, or --yes to take the defaults.',
        exitCode: 2,
      },
    })
  })
})
