import { execFileSync, spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { emptyFolder } from '../helpers/cli.ts'
import { cleanEnv } from '../helpers/env.ts'
import { NEXT, nextRelease } from '../helpers/next-release.ts'
import type { Published, Registry } from '../helpers/registry.ts'
import { startRegistry } from '../helpers/registry.ts'
import { pathFor, run, runWell } from '../helpers/run.ts'

const home = mkdtempSync(join(tmpdir(), 'updates-'))
let registry: Registry
let next: { readonly bin: string; readonly tarball: string }
let present: Published

beforeAll(async () => {
  const { tarball, folder } = inject('installed')
  const manifest = join(folder, 'node_modules/create-start-convex-auth/package.json')
  const { name, version, bin, engines } = JSON.parse(readFileSync(manifest, 'utf8')) as Published
  present = { name, version, bin, engines, tarball }
  const release = nextRelease(home)
  next = { bin: join(home, 'dist/bin.cjs'), tarball: release.tarball }
  registry = await startRegistry([present, release])
})

afterAll(async () => {
  await registry.close()
  rmSync(home, { recursive: true, force: true })
})

const identity = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@localhost',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@localhost',
}

interface App {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly git: (...args: string[]) => Promise<string>
  readonly commit: () => Promise<string>
  readonly text: (path: string) => string
}

/** An app of the present version, committed, whose own settings name the registry. */
async function appWith(
  pm: string,
  packages: readonly string[] = [],
  flags: readonly string[] = [],
) {
  const folder = emptyFolder()
  const env = {
    ...identity,
    PATH: await pathFor(...packages),
    // Nothing that a package manager keeps outlives the test, or comes from another.
    npm_config_cache: join(folder, 'npm'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_DATA_HOME: join(folder, 'data'),
    YARN_GLOBAL_FOLDER: join(folder, 'yarn'),
    BUN_INSTALL_CACHE_DIR: join(folder, 'bun'),
    // Bun runs a package outside of the app, and doesn't read its settings.
    ...(pm === 'bun' && { npm_config_registry: registry.url }),
  }
  const fixed = ['--yes', '--pm', pm, '--no-install', '--tailwind', '--social', 'github', ...flags]
  await runWell(process.execPath, [inject('installed').bin, 'my-app', ...fixed], {
    cwd: folder,
    env,
  })
  const cwd = join(folder, 'my-app')
  writeFileSync(join(cwd, '.npmrc'), `registry=${registry.url}\n`)
  if (existsSync(join(cwd, '.yarnrc.yml'))) {
    const settings = `npmRegistryServer: '${registry.url}'\nunsafeHttpWhitelist: ['127.0.0.1']\n`
    appendFileSync(join(cwd, '.yarnrc.yml'), settings)
  }
  const git = (...args: string[]) => runWell('git', args, { cwd, env })
  const commit = async () => {
    await git('add', '--all')
    return git('commit', '--quiet', '--message', 'Mine')
  }
  await commit()
  const app: App = { cwd, env, git, commit, text: (path) => readFileSync(join(cwd, path), 'utf8') }
  return app
}

const edit = ({ cwd, text }: App, path: string, from: string, to: string) => {
  expect(text(path)).toContain(from)
  writeFileSync(join(cwd, path), text(path).replace(from, to))
}

/** `update`, by the next version unless another is named. */
const update = ({ cwd, env }: App, flags: readonly string[] = [], bin = next.bin) =>
  run(process.execPath, [bin, 'update', '--no-install', ...flags], { cwd, env })

const jsonOf = (output: string) => JSON.parse(output.slice(output.indexOf('{'))) as Document

interface Document {
  readonly from: string
  readonly to: string
  readonly dryRun: boolean
  readonly files: readonly { readonly path: string }[]
  readonly steps: readonly string[]
  readonly error: { readonly message: string; readonly fix: string }
}

const MANAGERS = [
  { name: 'npm', pm: 'npm', packages: [] },
  { name: 'pnpm', pm: 'pnpm', packages: ['pnpm@12.21.0'] },
  { name: 'Yarn 4', pm: 'yarn', packages: ['@yarnpkg/cli-dist@4.18.1'] },
  { name: 'Yarn 1', pm: 'yarn', packages: ['yarn@1.22.22'] },
  { name: 'Bun', pm: 'bun', packages: ['bun@1.4.5'] },
]

describe.each(MANAGERS)('$name', ({ name, pm, packages }) => {
  test('fetches the old version, and what was edited is merged with the new one', async () => {
    const app = await appWith(pm, packages)
    edit(app, 'src/lib/user-agent.ts', "'Unknown browser'", "'A browser'")
    edit(app, 'convex/tasks.ts', 'const MAX_LENGTH = 500', 'const MAX_LENGTH = 900')
    edit(app, 'convex/auth.ts', 'rateLimit: { enabled: false }', 'rateLimit: { enabled: true }')
    edit(app, 'package.json', '"convex":', '"zod": "4.0.0",\n    "convex":')
    await app.commit()

    const { exitCode, output } = await update(app)
    expect(exitCode, output).toBe(0)
    expect(output.includes('npm was asked instead')).toBe(name === 'Yarn 1')
    // The renamed file has the edit; nothing but the changelog says that it is the same.
    expect(existsSync(join(app.cwd, 'src/lib/user-agent.ts'))).toBe(false)
    expect(app.text('src/lib/device.ts')).toContain("'A browser'")
    expect(app.text('convex/tasks.ts')).toContain('const MAX_LENGTH = 900')
    expect(app.text('convex/tasks.ts')).toContain("if (text === '' || text.length > MAX_LENGTH)")
    expect(app.text('convex/auth.ts')).toContain('rateLimit: { enabled: true }')
    expect(app.text('convex/auth.ts')).toContain('...options,')
    expect(app.text('convex/authOptions.ts')).toContain('session: {')
    expect(app.text('convex/_generated/api.d.ts')).toContain('authOptions')
    expect(JSON.parse(app.text('package.json'))).toMatchObject({
      dependencies: { 'better-auth': '1.7.0', zod: '4.0.0' },
    })
    expect(existsSync(join(app.cwd, 'test/lib/safe-redirect.test.ts'))).toBe(false)
    expect(app.text('.start-convex-auth.json')).toContain(`create-start-convex-auth@${NEXT}`)
    // What a merge can't do is said.
    expect(output).toContain('Better Auth 1.7 keeps accounts in another form')
    expect(output).toContain('npx convex run migrations:accounts')
    expect(await app.git('status', '--porcelain', '.env.convex', '.npmrc')).toBe('')
  })

  test('a version that the registry has not is said', async () => {
    const app = await appWith(pm, packages)
    edit(app, '.start-convex-auth.json', `@${present.version}"`, '@0.0.9"')
    await app.commit()
    const { exitCode, output } = await update(app)
    expect(output).toContain("create-start-convex-auth 0.0.9 isn't in the registry.")
    expect(output).toContain('--from PATH')
    expect(exitCode).toBe(1)
    expect(await app.git('status', '--porcelain')).toBe('')
  })
})

/** With the old version's package at hand, no registry is asked. */
const atHand = () => ['--from', String(present.tarball)]

describe('update', () => {
  test('an app that nobody edited is what the new version makes, byte for byte', async () => {
    const app = await appWith('npm')
    expect(await update(app, atHand())).toMatchObject({ exitCode: 0 })
    await app.git('add', '--all')
    const fresh = emptyFolder()
    const flags = ['--yes', '--pm', 'npm', '--no-install', '--tailwind', '--social', 'github']
    const { env } = app
    await runWell(process.execPath, [next.bin, 'my-app', ...flags], { cwd: fresh, env })
    const treeOf = (cwd: string) =>
      runWell('git', ['ls-tree', '-r', 'HEAD'], { cwd, env: { PATH: env.PATH } })
    await app.commit()
    const [updated, made] = [await treeOf(app.cwd), await treeOf(join(fresh, 'my-app'))]
    expect(updated.split('\n').filter((line) => !line.endsWith('\t.npmrc'))).toEqual(
      made.split('\n'),
    )
    expect((await update(app)).output).toContain(`at ${NEXT}`)
    expect(await app.git('status', '--porcelain')).toBe('')
  })

  test('a change that both sides made is a conflict, and exits with 1', async () => {
    const app = await appWith('npm')
    edit(app, 'convex/tasks.ts', 'text.length === 0 ||', 'text.length < 3 ||')
    await app.commit()
    const { exitCode } = await update(app, atHand())
    expect(exitCode).toBe(1)
    expect(app.text('convex/tasks.ts')).toMatch(
      /<<<<<<< [^]*text\.length < 3[^]*=======[^]*>>>>>>> /,
    )
    expect(await app.git('status', '--porcelain', 'convex/tasks.ts')).toMatch(/^UU /)
  })

  test('a file that it drops, and that was edited, is kept, and the report says why', async () => {
    const app = await appWith('npm')
    const path = 'test/lib/safe-redirect.test.ts'
    writeFileSync(join(app.cwd, path), `${app.text(path)}// mine\n`)
    await app.commit()
    const note = 'the template no longer has it; you changed it'
    const json = await update(app, [...atHand(), '--json', '--dry-run'])
    expect(json.exitCode).toBe(0)
    expect(jsonOf(json.output).files).toContainEqual({ path, change: 'kept', from: null, note })
    const { exitCode, output } = await update(app, atHand())
    expect(exitCode).toBe(0)
    expect(output).toMatch(new RegExp(`kept +${path}\\n +${note}\\n`))
    expect(app.text(path)).toContain('// mine\n')
  })

  test('--check says what would change, and changes nothing', async () => {
    const app = await appWith('npm')
    // The present version asks the registry, and the newest answers for itself.
    for (const bin of [next.bin, inject('installed').bin]) {
      const args = [bin, 'update', '--check', '--json']
      const { exitCode, output } = await run(process.execPath, args, app)
      const { from, to, dryRun, files, steps } = jsonOf(output)
      expect({ exitCode, from, to, dryRun }).toEqual({
        exitCode: 1,
        from: present.version,
        to: NEXT,
        dryRun: true,
      })
      expect(files.map(({ path }) => path)).toContain('convex/authOptions.ts')
      expect(steps).toEqual([expect.stringContaining('Better Auth 1.7')])
    }
    expect(await app.git('status', '--porcelain')).toBe('')
    // What is not committed is no reason to say nothing.
    edit(app, 'convex/tasks.ts', 'const MAX_LENGTH = 500', 'const MAX_LENGTH = 900')
    const dirty = await run(process.execPath, [next.bin, 'update', '--check', '--json'], app)
    expect(jsonOf(dirty.output)).toMatchObject({
      to: NEXT,
      warnings: expect.arrayContaining([
        expect.stringMatching(/not committed: convex\/tasks\.ts/),
      ]) as string[],
    })
    await app.git('checkout', '--', '.')
    await update(app, atHand())
    await app.commit()
    const { exitCode } = await run(process.execPath, [next.bin, 'update', '--check', '--json'], app)
    expect(exitCode).toBe(0)
  })

  test.each([
    { npm_config_package: `create-start-convex-auth@${NEXT}` },
    { npm_config_call: 'create-start-convex-auth update' },
    { npm_config_dry_run: 'true' },
    { npm_config_global: 'true' },
    { npm_config_location: 'global' },
  ])('fetches it whatever is set for npm, or stood in the command: %j', async (setting) => {
    const app = await appWith('npm')
    const { exitCode, output } = await update({ ...app, env: { ...app.env, ...setting } }, [
      '--dry-run',
    ])
    expect(exitCode, output).toBe(0)
  })

  test('--to another version has that version do it', async () => {
    const app = await appWith('npm')
    const args = [inject('installed').bin, 'update', '--to', NEXT, '--no-install']
    const { exitCode, output } = await run(process.execPath, args, app)
    expect(exitCode, output).toBe(0)
    expect(app.text('.start-convex-auth.json')).toContain(`@${NEXT}`)
    const back = await update(app, ['--to', String(present.version)])
    expect(back.exitCode).toBe(1)
    expect(back.output).toContain(`The app is at ${NEXT}`)
  })

  test.each([[], ['--json']])('Ctrl-C while it is fetched is no failure: %j', async (...flags) => {
    const app = await appWith('npm')
    let child: ChildProcess | undefined
    const silent = createServer(() => child?.kill('SIGINT'))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    writeFileSync(join(app.cwd, '.npmrc'), `registry=http://127.0.0.1:${port}/\n`)
    const args = [inject('installed').bin, 'update', '--to', NEXT, ...flags]
    const env = cleanEnv(app.env)
    child = spawn(process.execPath, args, { cwd: app.cwd, env, stdio: 'ignore' })
    const [exitCode] = (await once(child, 'close')) as [number]
    expect(exitCode).toBe(130)
    silent.closeAllConnections()
    silent.close()
  })

  test('a layer of somebody else comes along, in the state that it was', async () => {
    const example = join(import.meta.dirname, '../../examples/layer-export')
    const app = await appWith('npm', [], ['--layer', example])
    const { exitCode, output } = await update(app, atHand())
    expect(exitCode, output).toBe(0)
    expect(app.text('src/components/data-export.tsx')).toContain('DataExport')
    expect(app.text('convex/_generated/api.d.ts')).toMatch(/authOptions[^]*dataExport/)
  })
})

/** The words of an error, and that nothing has changed. */
async function refusal(app: App, flags: readonly string[], env: Record<string, string> = {}) {
  const before = await app.git('status', '--porcelain')
  const args = [next.bin, 'update', '--json', ...flags]
  const { exitCode, output } = await run(process.execPath, args, {
    ...app,
    env: { ...app.env, ...env },
  })
  expect(exitCode, output).toBeGreaterThan(0)
  expect(await app.git('status', '--porcelain')).toBe(before)
  const { message, fix } = jsonOf(output).error
  return `${message}\n${fix}`
}

const unshared = ['--mount', '--map-root-user', 'sh', '-c']
const mayMount = spawnSync('unshare', [...unshared, 'mount -t tmpfs none /mnt']).status === 0

describe('bad input', () => {
  test('a package that is another, of another version, or cut short', async () => {
    const app = await appWith('npm')
    const folder = emptyFolder()
    const short = join(folder, 'short.tgz')
    copyFileSync(String(present.tarball), short)
    truncateSync(short, 50_000)
    const other = join(folder, 'other')
    mkdirSync(other)
    writeFileSync(join(other, 'package.json'), '{ "name": "other", "version": "1.0.0" }')
    const from = async (path: string) => refusal(app, ['--from', path])
    const again = `npm pack create-start-convex-auth@${present.version}`
    expect(await from(short)).toMatch(/no package, or a part of it is missing/)
    expect(await from(short)).toContain(again)
    expect(await from(other)).toMatch(/is no package of create-start-convex-auth/)
    writeFileSync(join(other, 'package.json'), '{ "name": "create-start-convex')
    expect(await from(other)).toMatch(/is no package of create-start-convex-auth/)
    expect(await from(next.tarball)).toContain(
      `is create-start-convex-auth ${NEXT}, and the app was made by`,
    )
    expect(await from(join(folder, 'none.tgz'))).toContain("isn't there")
    const broken = join(folder, 'broken')
    mkdirSync(broken)
    const { name, version } = present
    const scripts = { build: 'echo "throw new Error()" > bin.cjs' }
    const manifest = { name, version, bin: { [name]: 'bin.cjs' }, scripts }
    writeFileSync(join(broken, 'package.json'), JSON.stringify(manifest))
    // What is said is said in the app's folder, and builds the package.
    const [build = ''] = /npm run build.*/.exec(await from(broken)) ?? []
    execFileSync(build, { ...app, env: { ...process.env, ...app.env }, shell: true })
    expect(await from(broken)).toContain(`couldn't be run`)
    expect(await from(broken)).toContain(again)
    expect(await from(broken)).not.toContain('--from')
  })

  test('what the registry has not, where the package of the old version is no help', async () => {
    const app = await appWith('npm')
    const empty = await startRegistry([])
    writeFileSync(join(app.cwd, '.npmrc'), `registry=${empty.url}\n`)
    for (const flags of [['--to', 'latest'], ['--check'], ['--to', '9.9.9']]) {
      const said = await refusal(app, [...atHand(), ...flags, '--allow-dirty'])
      expect(said).toMatch(/isn't in the registry\.\nCheck which registry/)
      expect(said).not.toContain('--from')
    }
    await empty.close()
  })

  test('a registry that is not there, and one whose package is cut short', async () => {
    const app = await appWith('npm')
    const closed = await startRegistry([])
    await closed.close()
    const retries = { npm_config_fetch_retries: '0' }
    writeFileSync(join(app.cwd, '.npmrc'), `registry=${closed.url}\n`)
    expect(await refusal(app, ['--allow-dirty'], retries)).toMatch(
      /the registry can't be reached[^]*--from PATH/,
    )

    const broken = await startRegistry([present], { cutShort: true })
    writeFileSync(join(app.cwd, '.npmrc'), `registry=${broken.url}\n`)
    expect(await refusal(app, ['--allow-dirty'], retries)).toMatch(/damaged, or cut short/)
    await broken.close()
  })

  test('a registry that asks for a token', async () => {
    const app = await appWith('npm')
    const closed = await startRegistry([present], { token: 'of-ada' })
    writeFileSync(join(app.cwd, '.npmrc'), `registry=${closed.url}\n`)
    expect(await refusal(app, ['--allow-dirty'])).toMatch(/asks for a login[^]*token/)
    const login = `${closed.url.replace('http:', '')}:_authToken=of-ada\n`
    appendFileSync(join(app.cwd, '.npmrc'), login)
    const { exitCode, output } = await update(app, ['--dry-run'])
    expect(exitCode, output).toBe(0)
    await closed.close()
  })

  test('a record that is damaged, edited by hand, or newer', async () => {
    const app = await appWith('npm')
    const record = app.text('.start-convex-auth.json')
    const path = join(app.cwd, '.start-convex-auth.json')
    const saying = async (text: string) => {
      writeFileSync(path, text)
      return refusal(app, atHand())
    }
    expect(await saying(record.slice(0, 40))).toMatch(/is damaged[^]*git checkout/)
    expect(await saying(record.replace('3000', '"3000"'))).toContain('"options.port" is no port')
    expect(await saying(record.replace('"schemaVersion": 2', '"schemaVersion": 9'))).toContain(
      'newer',
    )
    const ahead = record.replace(`@${present.version}`, '@7.0.0')
    expect(await saying(ahead)).toMatch(/at 7\.0\.0[^]*@latest update/)
    expect(await saying(record.replace('"social"', '"sociable"'))).toContain('sociable')
  })

  test('a folder that nothing was generated in', async () => {
    const cwd = emptyFolder()
    const { exitCode, output } = await run(process.execPath, [next.bin, 'update'], { cwd })
    expect(exitCode).toBe(2)
    expect(output).toContain('.start-convex-auth.json')
  })

  test('a layer whose repository is gone', async () => {
    const app = await appWith('npm')
    const origin = `"mine": { "source": "gh:nobody/gone", "commit": "${'0'.repeat(40)}", "digest": "sha256-${'0'.repeat(64)}" }`
    edit(app, '.start-convex-auth.json', '"tailwind": {},', `"tailwind": {},\n    ${origin},`)
    await app.commit()
    const empty = await startRegistry([])
    const env = { GIGET_GITHUB_URL: empty.url.replace(/\/$/, '') }
    expect(await refusal(app, atHand(), env)).toContain('gh:nobody/gone')
    await empty.close()
  })

  test.runIf(mayMount)('a full disk', async () => {
    const app = await appWith('npm')
    const small = emptyFolder()
    const args = [process.execPath, next.bin, 'update', ...atHand()]
    const { exitCode, output } = await run(
      'unshare',
      [
        ...unshared,
        'mount -t tmpfs -o size=300k none "$1" && shift && exec "$@"',
        'sh',
        small,
        ...args,
      ],
      { ...app, env: { ...app.env, TMPDIR: small } },
    )
    expect(output).toMatch(/couldn't be unpacked: the disk is full\.\s+Free some space/)
    expect(exitCode).toBe(1)
    expect(await app.git('status', '--porcelain')).toBe('')
  })

  test('no git', async () => {
    const app = await appWith('npm')
    const bin = emptyFolder()
    for (const name of ['node', 'tar', 'gzip', 'sh']) {
      const [path = ''] = execFileSync('which', [name], { encoding: 'utf8' }).split('\n')
      symlinkSync(name === 'node' ? process.execPath : path, join(bin, name))
    }
    expect(await refusal(app, atHand(), { PATH: bin })).toContain("git isn't on the PATH")
  })

  test('a version that is none', async () => {
    const app = await appWith('npm')
    expect(await refusal(app, ['--to', 'next-week'])).toContain('is no version')
  })
})
