import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import type { Plan, PlannedFile } from '../../../src/plan/types.ts'
import { writePlan } from '../../../src/repo/write.ts'
import { freshFolder, pathsIn, planOf } from './support.ts'

const posix = process.platform !== 'win32'
const app = planOf({ 'package.json': '{}\n', 'src/routes/index.tsx': 'x\n' })
const appPaths = ['package.json', 'src/', 'src/routes/', 'src/routes/index.tsx']

test('writes every file, and makes the parents that are missing', () => {
  const folder = freshFolder()
  const written = writePlan(app, join(folder, 'a/b/app'))
  expect(written.files).toBe(2)
  expect(pathsIn(written.target)).toEqual(appPaths)
  expect(readFileSync(join(written.target, 'src/routes/index.tsx'), 'utf8')).toBe('x\n')
  expect(pathsIn(join(folder, 'a/b')).filter((path) => !path.startsWith('app'))).toEqual([])
})

test('writes bytes as they are, and modes', () => {
  const bytes = new Uint8Array([0, 255, 10, 13])
  const plan: Plan = new Map([
    ['.env.convex', { content: 'S=1\n', mode: 0o600, from: ['base'], local: true }],
    ['icon.png', { content: bytes, mode: 0o644, from: ['base'] }],
    ['run.sh', { content: '', mode: 0o755, from: ['base'] }],
  ])
  const { target } = writePlan(plan, join(freshFolder(), 'app'))
  expect(new Uint8Array(readFileSync(join(target, 'icon.png')))).toEqual(bytes)
  if (!posix) return
  const mode = (path: string) => statSync(join(target, path)).mode & 0o777
  const open = 0o777 & ~process.umask()
  expect(mode('.env.convex')).toBe(0o600)
  expect(mode('run.sh')).toBe(0o755 & open)
  expect(mode('.')).toBe(open)
})

test('joins what is in a folder, also through a link to it', () => {
  const folder = freshFolder()
  mkdirSync(join(folder, 'real/src'), { recursive: true })
  writeFileSync(join(folder, 'real/LICENSE'), 'mine')
  writeFileSync(join(folder, 'real/src/mine.ts'), 'mine')
  symlinkSync(join(folder, 'real'), join(folder, 'app'))

  const { undo } = writePlan(app, join(folder, 'app'))
  expect(pathsIn(join(folder, 'real'))).toEqual(['LICENSE', 'src/mine.ts', ...appPaths].sort())

  undo()
  expect(pathsIn(join(folder, 'real'))).toEqual(['LICENSE', 'src/', 'src/mine.ts'])
  expect(lstatSync(join(folder, 'app')).isSymbolicLink()).toBe(true)
})

test('undo removes what was made, its parents and the named leftovers, and nothing else', () => {
  const folder = freshFolder()
  const written = writePlan(app, join(folder, 'a/app'))
  mkdirSync(join(written.target, 'node_modules/x'), { recursive: true })
  writeFileSync(join(written.target, 'package-lock.json'), '{}')
  written.undo(['node_modules', 'package-lock.json', 'yarn.lock'])
  expect(pathsIn(folder)).toEqual([])

  const kept = writePlan(app, join(folder, 'b/app'))
  writeFileSync(join(kept.target, 'src/mine.ts'), 'mine')
  kept.undo()
  expect(pathsIn(folder)).toEqual(['b/', 'b/app/', 'b/app/src/', 'b/app/src/mine.ts'])
  kept.undo()
  expect(existsSync(join(folder, 'b/app/src/mine.ts'))).toBe(true)
})

test('undo refuses a leftover outside of the target', () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'mine'), '')
  const { undo } = writePlan(app, join(folder, 'app'))
  expect(() => undo(['../mine'])).toThrow('is outside of')
  expect(existsSync(join(folder, 'mine'))).toBe(true)
})

test.each(['../evil', '/evil', 'a/../../evil', '.'])('refuses the path %s', (path) => {
  const folder = freshFolder()
  expect(() => writePlan(planOf({ 'a.ts': '', [path]: '' }), join(folder, 'app'))).toThrow(
    'is outside of',
  )
  expect(pathsIn(folder)).toEqual([])
})

/** A plan whose file does something when its content is read: between check and move. */
function planWithRace(path: string, race: () => void): Plan {
  const file: PlannedFile = {
    get content() {
      race()
      return 'generated'
    },
    mode: 0o644,
    from: ['base'],
  }
  return new Map([...app, [path, file] as const])
}

test('keeps a file that appears while it writes, and takes back its own', () => {
  const folder = freshFolder()
  const target = join(folder, 'app')
  mkdirSync(target)
  writeFileSync(join(target, 'LICENSE'), 'mine')
  const plan = planWithRace('zebra.ts', () => writeFileSync(join(target, 'zebra.ts'), 'mine'))
  expect(() => writePlan(plan, target)).toThrow(
    /zebra\.ts appeared in the meantime.*Nothing was left behind/,
  )
  expect(pathsIn(folder)).toEqual(['app/', 'app/LICENSE', 'app/zebra.ts'])
  expect(readFileSync(join(target, 'zebra.ts'), 'utf8')).toBe('mine')
})

test('keeps a target that appears while it writes', () => {
  const folder = freshFolder()
  const target = join(folder, 'a/app')
  const plan = planWithRace('zebra.ts', () => {
    mkdirSync(target)
    writeFileSync(join(target, 'mine.ts'), 'mine')
  })
  expect(() => writePlan(plan, target)).toThrow(target)
  expect(pathsIn(folder)).toEqual(['a/', 'a/app/', 'a/app/mine.ts'])
})

test('does not follow a link out of the target that appears while it writes', () => {
  const folder = freshFolder()
  const target = join(folder, 'app')
  mkdirSync(target)
  mkdirSync(join(folder, 'outside'))
  const plan = planWithRace('zebra.ts', () =>
    symlinkSync(join(folder, 'outside'), join(target, 'src')),
  )
  expect(() => writePlan(plan, target)).toThrow('leaves the target')
  expect(pathsIn(folder)).toEqual(['app/', 'app/src', 'outside/'])
})

test('a name too long for the system is a sentence, and nothing stays', () => {
  const folder = freshFolder()
  const plan = planOf({ 'a.ts': '', [`src/${'x'.repeat(300)}.ts`]: '' })
  expect(() => writePlan(plan, join(folder, 'b/app'))).toThrow(
    'its name is too long. Nothing was left behind.',
  )
  expect(pathsIn(folder)).toEqual([])
})

// In a process of its own: a limit, another user and a signal are a process's.
function inProcess(
  target: string,
  body: string,
  { command = [], uid }: { command?: readonly string[]; uid?: number } = {},
): string {
  const source = join(import.meta.dirname, '../../../src/repo/write.ts')
  const script = `
    import { readdirSync } from 'node:fs'
    import { setImmediate } from 'node:timers/promises'
    import { writePlan } from ${JSON.stringify(pathToFileURL(source).href)}
    const target = ${JSON.stringify(target)}
    const file = (content) => ({ content, mode: 0o644, from: ['base'] })
    ${body}`
  const loader = import.meta.resolve('tsx')
  const [program = '', ...args] = [
    ...command,
    process.execPath,
    '--import',
    loader,
    '--input-type=module',
    '--eval',
    script,
  ]
  const { stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    ...(uid !== undefined && { uid, gid: uid }),
  })
  expect(stderr).toBe('')
  return stdout
}

/** Writes a plan with one file of a megabyte; prints the message and what is left in a folder. */
const writeBig = (folder: string) => `
  try {
    writePlan(new Map([['a.ts', file('')], ['src/big.ts', file('x'.repeat(1e6))]]), target)
  } catch (error) {
    console.log(error.message)
  }
  console.log(JSON.stringify(readdirSync(${JSON.stringify(folder)})))`

test.runIf(posix)('a file over the limit of the system leaves nothing', () => {
  const folder = freshFolder()
  const limited = ['sh', '-c', 'ulimit -f 200; exec "$0" "$@"']
  const output = inProcess(join(folder, 'a/app'), writeBig(folder), {
    command: limited,
  })
  expect(output).toMatch(/big\.ts can't be written: it is over the limit/)
  expect(output).toMatch(/Nothing was left behind\.\n\[\]\n$/)
})

// Linux lets a process mount a small disk for itself, where user namespaces are on.
const mount = ['unshare', '--mount', '--map-root-user', 'sh', '-c']
const mounting = 'mount -t tmpfs -o size=64k none "$1" && shift && exec "$@"'
const mayMount =
  spawnSync(mount[0] ?? '', [...mount.slice(1), mounting, 'sh', '/mnt', 'true']).status === 0

test.runIf(mayMount)('a full disk leaves nothing', () => {
  const folder = freshFolder()
  const output = inProcess(join(folder, 'a/app'), writeBig(folder), {
    command: [...mount, mounting, 'sh', folder],
  })
  expect(output).toMatch(/big\.ts can't be written: the disk is full/)
  expect(output).toMatch(/Nothing was left behind\.\n\[\]\n$/)
})

test.runIf(posix)('a parent that is not ours leaves nothing', () => {
  const folder = freshFolder()
  const { uid } = userInfo()
  chmodSync(folder, 0o555)
  const output = inProcess(
    join(folder, 'app'),
    writeBig(folder),
    // Root may write everywhere.
    uid === 0 ? { uid: 65_534 } : {},
  )
  chmodSync(folder, 0o755)
  expect(output).toContain("app can't be written: permission denied.")
  expect(output).toMatch(/\[\]\n$/)
})

test.runIf(posix)('a signal while it writes is noticed after it, and undone', () => {
  const folder = freshFolder()
  const output = inProcess(
    join(folder, 'a/app'),
    `
    let signal
    process.on('SIGINT', (name) => { signal = name })
    const interrupting = {
      ...file(''),
      get content() { process.kill(process.pid, 'SIGINT'); return '' },
    }
    const written = writePlan(new Map([['a.ts', file('')], ['b.ts', interrupting], ['src/c.ts', file('')]]), target)
    await setImmediate()
    await setImmediate()
    console.log(signal, JSON.stringify(readdirSync(target)))
    written.undo()`,
  )
  expect(output).toBe('SIGINT ["a.ts","b.ts","src"]\n')
  expect(pathsIn(folder)).toEqual([])
})
